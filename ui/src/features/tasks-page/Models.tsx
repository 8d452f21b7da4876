import React from "react";
import { Badge } from "react-bootstrap";
import { Link } from "react-router-dom";
import type { Model } from "../../schemas/models.ts";
import { Problem } from "../../shared/Problem.tsx";
import { PAGES } from "../../shared/pages.ts";
import type { Asked } from "../../shared/useOperation.ts";
import { type Text, useText } from "../../text/text.ts";
import { Lamp } from "./Lamp.tsx";

const STATES = ["not_installed", "not_loaded", "loading", "ready", "failed", "downloading"] as const;
const LEVELS = { ready: "ok", loading: "warn", downloading: "warn", failed: "fail" } as const;

interface Props {
  asked: Asked<"models.list">;
  isReachable: boolean;
}

/** The models that are in memory or could be; those whose weights are not here are counted only. */
export function Models({ asked, isReachable }: Props) {
  const { t } = useText();
  // What it had in memory when it was last seen is nobody's business while it is away.
  const models = (isReachable && asked.data?.models) || [];
  const here = models.filter(({ state }) => state !== "not_installed");
  const away = models.length - here.length;
  return (
    <section aria-labelledby="sense-health-models">
      <div className="sense-health-head">
        <h6 id="sense-health-models">{t("tasks.models")}</h6>
        <Link to={PAGES.settings.path}>{t("page.settings")}</Link>
      </div>
      {!isReachable && <div className="text-muted">{t("tasks.models.unreachable")}</div>}
      {isReachable && asked.error && <Problem error={asked.error} again={asked.reload} />}
      <ul className="sense-models">
        {here.map((model) => (
          <One key={model.id} model={model} />
        ))}
      </ul>
      {away > 0 && <div className="text-muted">{t("tasks.models.away", { count: away })}</div>}
    </section>
  );
}

function One({ model }: { model: Model }) {
  const text = useText();
  const state = STATES.find((one) => one === model.state);
  const level = state && state in LEVELS ? LEVELS[state as keyof typeof LEVELS] : "off";
  return (
    <li>
      <Lamp level={level}>
        <span className="sense-model-name">{model.id}</span>{" "}
        {model.chosen && <Badge variant="primary">{text.t("tasks.models.used")}</Badge>}
        <div className="text-muted">{wordsOf(text, model, state)}</div>
      </Lamp>
    </li>
  );
}

function wordsOf(text: Text, model: Model, state: (typeof STATES)[number] | undefined): string {
  const words = [state ? text.t(`tasks.models.${state}`) : model.state];
  if (model.device) words.push(model.device);
  if (model.memory_bytes > 0) words.push(text.bytes(model.memory_bytes));
  if (model.reason) words.push(model.reason);
  return words.join(" · ");
}
