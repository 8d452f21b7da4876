import { faScrewdriverWrench } from "@fortawesome/free-solid-svg-icons";
import React from "react";
import { Alert, Button, Card, Form, ProgressBar } from "react-bootstrap";
import { Link } from "react-router-dom";
import type { StashJob } from "../../host/stashQueue.ts";
import type { Status } from "../../schemas/status.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useText } from "../../text/text.ts";
import { useSetUp } from "./useSetUp.ts";

type Check = NonNullable<Status["self_test"]>["checks"][number];

/** What the button does. */
const HOW = / Run the task Set up \(.*$/;

interface Props {
  /** What the plugin says where it is not installed; "" where it is. */
  instruction: string;
  /** What the self-test found wrong. */
  checks: readonly Check[];
  jobs: readonly StashJob[] | undefined;
  onEnd(): void;
}

/** The first thing that a new owner sees: what is missing, and a button that installs it. */
export function SetUp({ instruction, checks, jobs, onEnd }: Props) {
  const { t } = useText();
  const setUp = useSetUp(jobs, instruction !== "", onEnd);
  const title = instruction ? "tasks.setup.first" : checks.length > 0 ? "tasks.setup.wrong" : "tasks.setup.untested";
  return (
    <section aria-labelledby="sense-setup" className={`sense-setup ${instruction ? "sense-setup-first" : ""}`}>
      <Card className="sense-tasks-card">
        <h5 id="sense-setup">
          <Icon icon={faScrewdriverWrench} />
          {t(title)}
        </h5>
        {instruction ? (
          <>
            <p>{t("tasks.setup.about")}</p>
            <p className="text-muted">{instruction.replace(HOW, "")}</p>
          </>
        ) : (
          checks.length === 0 && <p className="text-muted">{t("tasks.setup.untested.about")}</p>
        )}
        {checks.length > 0 && (
          <ul className="sense-checks">
            {checks.map((check) => (
              <li key={check.name}>
                <strong>{check.name}</strong>: {check.sentence} <span className="text-muted">{check.remedy}</span>
              </li>
            ))}
          </ul>
        )}
        {setUp.consent !== undefined && (
          <>
            <Form.Check
              custom
              id="sense-setup-sidecar"
              label={t("tasks.setup.sidecar")}
              checked={setUp.consent}
              disabled={setUp.isBusy}
              onChange={() => setUp.setConsent(!setUp.consent)}
            />
            <div className="text-muted sense-setup-about">
              {t("tasks.setup.sidecar.about")} <Link to="/settings?tab=plugins">{t("tasks.setup.settings")}</Link>
            </div>
          </>
        )}
        {setUp.problem && (
          <Alert variant="danger" role="alert">
            {setUp.problem}
          </Alert>
        )}
        {setUp.isBusy ? (
          <div role="status">
            <div className="sense-setup-words">{t(setUp.isWaiting ? "tasks.setup.waits" : "tasks.setup.works")}</div>
            <ProgressBar animated now={100 * (setUp.share ?? 1)} aria-label={t("tasks.setup.works")} />
          </div>
        ) : (
          <Button variant="primary" onClick={() => void setUp.start()}>
            {t(instruction ? "tasks.setup.start" : "tasks.setup.again")}
          </Button>
        )}
      </Card>
    </section>
  );
}
