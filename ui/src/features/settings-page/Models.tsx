import React, { useState } from "react";
import { Button, Modal } from "react-bootstrap";
import { Link } from "react-router-dom";
import { pluginApi } from "../../host/pluginApi.ts";
import { call } from "../../operations.ts";
import type { Model } from "../../schemas/models.ts";
import { Loading } from "../../shared/Loading.tsx";
import { Problem, sentence } from "../../shared/Problem.tsx";
import { SHORTEST_POLL_S, useAction, useOperation } from "../../shared/useOperation.ts";
import { useText } from "../../text/text.ts";
import { DownloadDialog } from "./DownloadDialog.tsx";
import { Level } from "./Level.tsx";
import { isForFaces, ModelCard } from "./ModelCard.tsx";
import { Section, Setting } from "./Section.tsx";
import { addressOf } from "./tabs.ts";

/** What judges what is seen, and what decodes it. */
export function Models() {
  const text = useText();
  const { t } = text;
  const toast = pluginApi().hooks.useToast();
  const [isMoving, setIsMoving] = useState(false);
  const list = useOperation("models.list", {}, { every_s: isMoving ? SHORTEST_POLL_S : 0 });
  const { data, error, reload } = list;
  const moves = data?.models.some(({ state }) => state === "downloading" || state === "loading") ?? false;
  if (moves !== isMoving && data) setIsMoving(moves);
  const [asked, setAsked] = useState<Model>();
  const [choice, setChoice] = useState<{ id: string; name: string }>();
  const [working, setWorking] = useState("");

  const act = useAction(
    async (id: string, action: () => Promise<unknown>, said: string) => {
      setWorking(id);
      await action();
      reload();
      if (said) toast.success(said);
    },
    (failure) => {
      toast.error(sentence(text, failure));
      reload();
    },
  );
  const run = (id: string, action: () => Promise<unknown>, said = "") =>
    void act.run(id, action, said).then(() => setWorking(""));

  if (!data) {
    if (!error) return <Loading />;
    return (
      <>
        <Problem error={error} again={reload} />
        <p>
          {t("settings.models.down")} <Link to={addressOf("self-test")}>{t("settings.tab.self-test")}</Link>
        </p>
      </>
    );
  }
  const cards = (job: "image-text" | "face") =>
    data.models
      .filter((one) => isForFaces(one) === (job === "face"))
      .map((model) => (
        <ModelCard
          key={model.id}
          model={model}
          busy={act.busy}
          isWorking={working === model.id}
          onLoad={() =>
            run(model.id, () => call("models.load", { id: model.id }), t("settings.models.loaded", { id: model.id }))
          }
          onUnload={() => run(model.id, () => call("models.unload", { id: model.id }))}
          onUse={() => setChoice({ id: model.id, name: model.id })}
          onDownload={() => setAsked(model)}
          onCancel={() => run(model.id, () => call("models.cancel_download", { id: model.id }))}
        />
      ));
  return (
    <>
      {error && <Problem error={error} again={reload} />}
      <Section heading={t("settings.tab.models")} about={t("settings.models.about")}>
        <Setting
          heading={t("settings.models.used")}
          value={data.model || t("settings.nothing")}
          about={data.setting ? t("settings.models.used.own") : t("settings.models.used.default")}
        >
          {data.setting && (
            <Button variant="secondary" onClick={() => setChoice({ id: "", name: data.default_model })}>
              {t("settings.models.follow")}
            </Button>
          )}
        </Setting>
        {cards("image-text")}
      </Section>
      {data.models.some(isForFaces) && (
        <Section heading={t("settings.models.faces")} about={t("settings.models.faces.about")}>
          {cards("face")}
        </Section>
      )}
      <Section heading={t("settings.decoders")} about={t("settings.decoders.about")}>
        <ul className="sense-tests">
          {data.decoders.map(({ name, available, reason }) => (
            <li key={name}>
              <Level level={available ? "ok" : "warn"} />
              <div>
                <h3>{name}</h3>
                <p>{available ? t("settings.decoders.available") : reason || t("settings.decoders.missing")}</p>
              </div>
            </li>
          ))}
        </ul>
      </Section>
      {asked && (
        <DownloadDialog
          model={asked}
          becomesDefault={
            isForFaces(asked)
              ? !data.models.some((one) => isForFaces(one) && !one.embedded && isThere(one.state))
              : !data.setting && !data.models.some((one) => !isForFaces(one) && !one.embedded && isThere(one.state))
          }
          onClose={() => setAsked(undefined)}
          onAgree={() => {
            setAsked(undefined);
            run(asked.id, () => call("models.download", { id: asked.id, licence: asked.licence }));
          }}
        />
      )}
      {choice && (
        <Modal show centered onHide={() => setChoice(undefined)} aria-labelledby="sense-use-model">
          <Modal.Header>
            <span id="sense-use-model">{t("settings.models.use.title", { id: choice.name })}</span>
          </Modal.Header>
          <Modal.Body>
            <p>{t("settings.models.use.anew")}</p>
            <p className="mb-0">{t("settings.models.use.when")}</p>
          </Modal.Body>
          <Modal.Footer>
            <Button variant="secondary" onClick={() => setChoice(undefined)}>
              {t("action.cancel")}
            </Button>
            <Button
              variant="primary"
              onClick={() => {
                setChoice(undefined);
                run(
                  choice.id,
                  () => call("settings.set", { values: { model: choice.id } }),
                  t("settings.models.use.done", { id: choice.name }),
                );
              }}
            >
              {t("settings.models.use")}
            </Button>
          </Modal.Footer>
        </Modal>
      )}
    </>
  );
}

function isThere(state: string): boolean {
  return !["not_installed", "downloading", "failed"].includes(state);
}
