import { faWandMagicSparkles } from "@fortawesome/free-solid-svg-icons";
import React, { useState } from "react";
import { Button, Card, Form } from "react-bootstrap";
import { call } from "../../operations.ts";
import { KINDS, type Kind } from "../../schemas/common.ts";
import type { StoredSettings } from "../../schemas/settings.ts";
import type { Status } from "../../schemas/status.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useText } from "../../text/text.ts";
import { Everything } from "./Everything.tsx";
import { useAct } from "./useAct.ts";

type Which = "new" | "tagged" | "stored";

interface Props {
  status: Status;
  settings: StoredSettings | undefined;
  /** Something waits now. */
  changed(): void;
}

/** Have media looked at: which, and of which kinds. */
export function Start({ status, settings, changed }: Props) {
  const { t } = useText();
  const [chosen, setChosen] = useState<readonly Kind[]>();
  const [isAsking, setAsking] = useState(false);
  const kinds = chosen ?? settings?.analyse_kinds ?? KINDS;
  const tag = settings?.workflow_tags.tag_me;
  const start = useAct(async (which: Which | "all", fresh: boolean) => {
    await call("queue.add", { which, fresh, kinds: [...kinds] });
    setAsking(false);
    changed();
    return t(`tasks.started.${which}`);
  });
  const toggle = (kind: Kind) =>
    setChosen(KINDS.filter((one) => (one === kind ? !kinds.includes(one) : kinds.includes(one))));
  const isOff = start.busy || kinds.length === 0;
  const nobodyToAsk = status.can_analyse ? "" : t("tasks.start.cannot");

  return (
    <section aria-labelledby="sense-tasks-start">
      <Card className="sense-tasks-card sense-start">
        <h6 id="sense-tasks-start">{t("tasks.start")}</h6>
        <div className="sense-start-row">
          <div className="sense-start-buttons">
            <Button
              variant="primary"
              size="sm"
              disabled={isOff}
              title={t("tasks.start.new.about")}
              onClick={() => void start.run("new", false)}
            >
              <Icon icon={faWandMagicSparkles} />
              {t("tasks.start.new")}
            </Button>
            <Button
              variant="secondary"
              size="sm"
              disabled={isOff}
              title={t("tasks.start.tagged.about", { tag: tag || "AI_TagMe" })}
              onClick={() => void start.run("tagged", false)}
            >
              {t("tasks.start.tagged")}
            </Button>
            <Button
              variant="secondary"
              size="sm"
              disabled={isOff}
              title={t("tasks.start.stored.about")}
              onClick={() => void start.run("stored", false)}
            >
              {t("tasks.start.stored")}
            </Button>
            <Button
              variant="secondary"
              size="sm"
              disabled={isOff}
              title={t("tasks.start.all.about")}
              onClick={() => setAsking(true)}
            >
              {t("tasks.start.all")}
            </Button>
          </div>
          <fieldset className="sense-start-kinds">
            <legend className="sense-visually-hidden">{t("tasks.kinds")}</legend>
            {KINDS.map((kind) => (
              <Form.Check
                key={kind}
                custom
                inline
                id={`sense-start-${kind}`}
                label={t(`tasks.kinds.${kind}`)}
                checked={kinds.includes(kind)}
                onChange={() => toggle(kind)}
              />
            ))}
          </fieldset>
        </div>
        {kinds.length === 0 && <div className="text-muted">{t("tasks.kinds.none")}</div>}
        {nobodyToAsk && <div className="text-warning">{nobodyToAsk}</div>}
      </Card>
      {isAsking && (
        <Everything
          kinds={kinds}
          analysed={status.analysed}
          isBusy={start.busy}
          onYes={(fresh) => void start.run("all", fresh)}
          onNo={() => setAsking(false)}
        />
      )}
    </section>
  );
}
