import { faHeartPulse } from "@fortawesome/free-solid-svg-icons";
import React from "react";
import { Button, Card } from "react-bootstrap";
import { call } from "../../operations.ts";
import type { Status } from "../../schemas/status.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useOperation } from "../../shared/useOperation.ts";
import { useText } from "../../text/text.ts";
import { Models } from "./Models.tsx";
import { Schedule } from "./Schedule.tsx";
import { SelfTest } from "./SelfTest.tsx";
import { Sidecar } from "./Sidecar.tsx";
import { useAct } from "./useAct.ts";
import { Versions } from "./Versions.tsx";

interface Props {
  status: Status;
  /** "" for none, or while unknown. */
  quietHours: string;
  reload(): void;
}

/** What the work needs: the sidecar, its models, versions that fit, a schedule. */
export function Health({ status, quietHours, reload }: Props) {
  const { t } = useText();
  // Asking starts a sidecar of ours that is down, and that is not for a page to do by being looked at.
  const enabled = status.sidecar?.ok === true;
  const models = useOperation("models.list", {}, { enabled });
  const schedule = useOperation("schedule.get", {}, { enabled });
  const all = () => {
    reload();
    models.reload();
    schedule.reload();
  };
  const check = useAct(async () => {
    const { sidecar } = await call("status.check", {});
    if (sidecar?.ok) all();
    else reload();
    return "";
  });
  return (
    <aside className="sense-tasks-health" aria-labelledby="sense-tasks-health">
      <div className="sense-tasks-head">
        <h5 id="sense-tasks-health">{t("tasks.health")}</h5>
        <Button variant="secondary" size="sm" disabled={check.busy} onClick={() => void check.run()}>
          <Icon icon={faHeartPulse} />
          {t(check.busy ? "tasks.health.checking" : "tasks.health.check")}
        </Button>
      </div>
      <Card className="sense-tasks-card sense-health">
        <Sidecar sidecar={status.sidecar} changed={all} />
        <Models asked={models} isReachable={enabled} />
        <Versions status={status} />
        <SelfTest test={status.self_test ?? null} />
        <Schedule asked={schedule} quietHours={quietHours} isReachable={enabled} />
      </Card>
    </aside>
  );
}
