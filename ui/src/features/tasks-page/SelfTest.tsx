import React from "react";
import { Link } from "react-router-dom";
import type { Status } from "../../schemas/status.ts";
import { PAGES } from "../../shared/pages.ts";
import { useText } from "../../text/text.ts";
import { Lamp } from "./Lamp.tsx";

/** What the last self-test found, in a line; the settings have all of it. */
export function SelfTest({ test }: { test: NonNullable<Status["self_test"]> | null }) {
  const text = useText();
  const { t } = text;
  const checks = test?.checks ?? [];
  const worst = ["fail" as const, "warn" as const].find((level) => checks.some((check) => check.level === level));
  const warnings = checks.filter(({ level }) => level === "warn");
  return (
    <section aria-labelledby="sense-health-test">
      <div className="sense-health-head">
        <h6 id="sense-health-test">{t("tasks.test")}</h6>
        <Link to={PAGES.settings.path}>{t("tasks.test.all")}</Link>
      </div>
      {test ? (
        <>
          <Lamp level={worst ?? "ok"}>
            {test.summary} <span className="text-muted">({text.ago(test.at_s)})</span>
          </Lamp>
          <ul className="sense-checks">
            {warnings.map((check) => (
              <li key={check.name} className="text-muted">
                {check.name}: {check.sentence} {check.remedy}
              </li>
            ))}
          </ul>
        </>
      ) : (
        <Lamp level="off">{t("tasks.test.never")}</Lamp>
      )}
    </section>
  );
}
