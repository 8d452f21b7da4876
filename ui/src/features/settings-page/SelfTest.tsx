import React, { useState } from "react";
import { Button } from "react-bootstrap";
import { call, type OperationError } from "../../operations.ts";
import type { Status } from "../../schemas/status.ts";
import { Loading } from "../../shared/Loading.tsx";
import { Problem } from "../../shared/Problem.tsx";
import { useAction } from "../../shared/useOperation.ts";
import { useText } from "../../text/text.ts";
import { Level } from "./Level.tsx";
import { Section } from "./Section.tsx";
import { SetUp } from "./SetUp.tsx";

type Test = NonNullable<Status["self_test"]>;

interface Props {
  status: Status;
  reload(): void;
}

/** What works, what does not, and what helps. */
export function SelfTest({ status, reload }: Props) {
  const { t, ago, moment } = useText();
  const [newest, setNewest] = useState<Test>();
  const [error, setError] = useState<OperationError>();
  const run = useAction(async () => {
    setError(undefined);
    setNewest(await call("self_test.run", {}));
  }, setError);
  const stored = status.self_test ?? undefined;
  const test = newest && newest.at_s >= (stored?.at_s ?? 0) ? newest : stored;
  return (
    <>
      <Section heading={t("settings.tab.self-test")} about={t("settings.self_test.about")}>
        <div className="sense-settings-bar">
          <span className="sense-settings-bar-words" title={test && moment(test.at_s)}>
            {run.busy
              ? t("settings.self_test.runs")
              : test
                ? t("settings.self_test.ran", { ago: ago(test.at_s) })
                : t("settings.self_test.never")}
          </span>
          <Button variant="primary" disabled={run.busy} onClick={() => void run.run()}>
            {t("settings.self_test.run")}
          </Button>
        </div>
        {error && (
          <div className="sense-settings-inset">
            <Problem error={error} again={() => void run.run()} />
          </div>
        )}
        {test ? <Checks test={test} isStale={run.busy} /> : run.busy && <Loading />}
      </Section>
      <SetUp instruction="" onEnd={reload} />
    </>
  );
}

function Checks({ test, isStale }: { test: Test; isStale: boolean }) {
  return (
    <>
      {test.checks.length > 0 && (
        <ul className={`sense-tests ${isStale ? "stale" : ""}`} aria-busy={isStale}>
          {test.checks.map((check) => (
            <li key={check.name}>
              <Level level={check.level} />
              <div>
                <h3>{check.name}</h3>
                <p>{check.sentence}</p>
                {check.remedy && <p className="sense-tests-remedy">{check.remedy}</p>}
              </div>
            </li>
          ))}
        </ul>
      )}
      <p className="sense-tests-summary" role="status">
        {test.summary}
      </p>
    </>
  );
}
