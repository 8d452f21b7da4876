import { faCircleCheck, faCircleXmark } from "@fortawesome/free-solid-svg-icons";
import React from "react";
import { Badge, Button, ProgressBar } from "react-bootstrap";
import type { Model } from "../../schemas/models.ts";
import { capital } from "../../shared/capital.ts";
import { Icon } from "../../shared/Icon.tsx";
import { type Text, type TextKey, useText } from "../../text/text.ts";

interface Props {
  model: Model;
  /** Something is asked of some model. */
  busy: boolean;
  /** It is asked of this one. */
  isWorking: boolean;
  onLoad(): void;
  onUnload(): void;
  onUse(): void;
  onDownload(): void;
  onCancel(): void;
}

const STATES = ["not_installed", "downloading", "not_loaded", "loading", "ready", "failed"];

const JOBS: readonly [RegExp, TextKey][] = [
  [/^image.text$/, "settings.models.job.image_text"],
  [/^face$/, "settings.models.job.face"],
];

/** Which of these is used follows from which are there. */
export function isForFaces({ job }: Pick<Model, "job">): boolean {
  return job === "face";
}

/** One model: what it is, how it stands, what can be done. */
export function ModelCard({ model, busy, isWorking, onLoad, onUnload, onUse, onDownload, onCancel }: Props) {
  const text = useText();
  const { t, bytes, share } = text;
  const state = isWorking && model.state === "not_loaded" ? "loading" : model.state;
  const job = JOBS.find(([pattern]) => pattern.test(model.job))?.[1];
  const isDownloading = state === "downloading";
  const isMissing = state === "not_installed" || (state === "failed" && !model.embedded);
  const arrived = model.size_bytes > 0 ? Math.min(1, model.downloaded_bytes / model.size_bytes) : 0;
  return (
    <article className="sense-model" aria-label={model.id}>
      <div className="sense-model-head">
        <h3>{model.id}</h3>
        {model.chosen && <Badge variant="success">{t("settings.models.in_use")}</Badge>}
        {model.default && !model.chosen && <Badge variant="secondary">{t("settings.models.default")}</Badge>}
        {model.embedded && <Badge variant="secondary">{t("settings.models.embedded")}</Badge>}
      </div>
      <p className="sense-model-note">{[job ? t(job) : model.job, model.note].filter(Boolean).join(" ")}</p>
      <dl className="sense-model-facts">
        <Fact name={t("settings.models.state")}>
          {state === "ready" && <Icon icon={faCircleCheck} className="text-success" />}
          {state === "failed" && <Icon icon={faCircleXmark} className="text-danger" />}
          <span>{STATES.includes(state) ? t(`settings.models.state.${state}` as TextKey) : state}</span>
          {state === "ready" && model.device && ` · ${[model.device, model.runtime].filter(Boolean).join(", ")}`}
          {state === "ready" && model.memory_bytes > 0 && ` · ${bytes(model.memory_bytes)}`}
        </Fact>
        <Fact name={t("settings.models.size")}>{bytes(model.size_bytes)}</Fact>
        <Fact name={t("settings.models.speed")}>{speed(text, model)}</Fact>
        <Fact name={t("settings.models.licence")} isWide>
          <Licence model={model} />
        </Fact>
        <Fact name={t("settings.models.source")} isWide>
          {link(model.source) ? (
            <a href={model.source} target="_blank" rel="noopener noreferrer">
              {model.source.replace(/^https?:\/\//, "")}
            </a>
          ) : (
            model.source || t("settings.nothing")
          )}
        </Fact>
      </dl>
      {model.reason && <p className="sense-model-reason text-warning">{capital(model.reason)}</p>}
      {isDownloading && (
        <div className="sense-settings-progress" role="status">
          <ProgressBar
            animated
            now={arrived * 100}
            label={share(arrived)}
            aria-label={t("settings.models.progress", { id: model.id })}
          />
          <span className="text-muted">
            {t("settings.models.arrived", { done: bytes(model.downloaded_bytes), total: bytes(model.size_bytes) })}
          </span>
        </div>
      )}
      <div className="sense-model-actions">
        {isDownloading && (
          <Button variant="danger" size="sm" disabled={busy} onClick={onCancel}>
            {t("settings.models.cancel")}
          </Button>
        )}
        {isMissing && (
          <Button variant="primary" size="sm" disabled={busy} onClick={onDownload}>
            {t(model.downloaded_bytes > 0 ? "settings.models.resume" : "settings.models.download")}
          </Button>
        )}
        {(state === "not_loaded" || (state === "failed" && model.embedded)) && (
          <Button variant="secondary" size="sm" disabled={busy} onClick={onLoad}>
            {t("settings.models.load")}
          </Button>
        )}
        {state === "ready" && (
          <Button variant="secondary" size="sm" disabled={busy} onClick={onUnload}>
            {t("settings.models.unload")}
          </Button>
        )}
        {!model.chosen && !isForFaces(model) && ["not_loaded", "ready"].includes(state) && (
          <Button variant="primary" size="sm" disabled={busy} onClick={onUse}>
            {t("settings.models.use")}
          </Button>
        )}
      </div>
    </article>
  );
}

function Fact({ name, isWide, children }: { name: string; isWide?: boolean; children: React.ReactNode }) {
  return (
    <div className={isWide ? "wide" : ""}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** The licence's name, with the way to its text. */
export function Licence({ model }: { model: Model }) {
  const { t } = useText();
  const name = model.licence || t("settings.models.licence.unknown");
  const place = link(model.licence_url);
  if (!place) return <>{name}</>;
  return (
    <a href={place} target="_blank" rel="noopener noreferrer">
      {name}
    </a>
  );
}

/** An address that may be followed; undefined for anything else. */
function link(address: string): string | undefined {
  return /^https?:\/\/[^\s]+$/i.test(address) ? address : undefined;
}

const SPEEDS = ["fast", "medium", "slow"];

function speed({ t, number }: Text, { speed_class, dim }: Model): string {
  const known = SPEEDS.includes(speed_class) ? t(`settings.models.speed.${speed_class}` as TextKey) : speed_class;
  return dim > 0 ? `${known} · ${t("settings.models.dim", { dim: number(dim) })}` : known;
}
