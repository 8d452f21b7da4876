import React from "react";
import { Link } from "react-router-dom";
import type { Status } from "../../schemas/status.ts";
import { PAGES } from "../../shared/pages.ts";
import { useOperation } from "../../shared/useOperation.ts";
import { type Text, useText } from "../../text/text.ts";
import { Level } from "./Level.tsx";
import { Setting } from "./Section.tsx";

/** The way from Stash's own settings of the plugin to ours. */
export function Entry() {
  const text = useText();
  const { data, error } = useOperation("status", {});
  const level = data && levelOf(data);
  return (
    <Setting
      className="sense-settings-entry"
      heading={text.t("settings.entry")}
      about={
        <span className="sense-entry-state">
          {level && <Level level={level} />}
          <span>
            {data ? stateOf(text, data) : error ? text.t(`problem.${error.kind}`, { message: error.message }) : ""}
          </span>
        </span>
      }
    >
      <Link to={PAGES.settings.path} className="btn btn-primary">
        {text.t("settings.entry.open")}
      </Link>
    </Setting>
  );
}

function levelOf({ ready, self_test }: Status): "ok" | "warn" | "fail" {
  if (!ready) return "fail";
  if (!self_test) return "warn";
  const levels = self_test.checks.map(({ level }) => level);
  return levels.includes("fail") ? "fail" : levels.includes("warn") ? "warn" : "ok";
}

function stateOf({ t, ago }: Text, { ready, instruction, self_test }: Status): string {
  if (!ready) return instruction;
  return self_test
    ? t("settings.entry.tested", { ago: ago(self_test.at_s), summary: self_test.summary })
    : t("settings.self_test.never");
}
