import { faRotate } from "@fortawesome/free-solid-svg-icons";
import React from "react";
import { Button } from "react-bootstrap";
import { Link } from "react-router-dom";
import { call } from "../../operations.ts";
import type { Status } from "../../schemas/status.ts";
import { capital } from "../../shared/capital.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useText } from "../../text/text.ts";
import { Facts } from "./Facts.tsx";
import { Lamp } from "./Lamp.tsx";
import { useAct } from "./useAct.ts";

/** Whether the sidecar answers, where it runs, and what helps if it does not. */
export function Sidecar({ sidecar, changed }: { sidecar: Status["sidecar"]; changed(): void }) {
  const text = useText();
  const { t } = text;
  const restart = useAct(async () => {
    await call("sidecar.restart", {});
    changed();
    return t("tasks.sidecar.restarted");
  });
  return (
    <section aria-labelledby="sense-health-sidecar">
      <div className="sense-health-head">
        <h6 id="sense-health-sidecar">{t("tasks.sidecar")}</h6>
        {sidecar?.is_ours && (
          <Button
            variant="secondary"
            size="sm"
            title={t("tasks.sidecar.restart.about")}
            disabled={restart.busy}
            onClick={() => void restart.run()}
          >
            <Icon icon={faRotate} className={restart.busy ? "fa-spin" : ""} />
            {t(sidecar.ok ? "tasks.sidecar.restart" : "tasks.sidecar.start")}
          </Button>
        )}
      </div>
      {!sidecar && <Lamp level="off">{t("tasks.sidecar.unknown")}</Lamp>}
      {sidecar && (
        <>
          <Lamp level={sidecar.ok ? "ok" : "fail"}>{t(sidecar.ok ? "tasks.sidecar.ok" : "tasks.sidecar.down")}</Lamp>
          {!sidecar.ok && (
            <div className="sense-health-problem" role="alert">
              <div>{capital(sidecar.message)}</div>
              <div className="text-muted">
                {t(sidecar.is_ours ? "tasks.sidecar.remedy.ours" : "tasks.sidecar.remedy.elsewhere")}{" "}
                {!sidecar.is_ours && <Link to="/settings?tab=plugins">{t("tasks.setup.settings")}</Link>}
              </div>
            </div>
          )}
          <Facts
            facts={[
              { name: t("tasks.sidecar.address"), value: sidecar.address },
              { name: t("tasks.sidecar.device"), value: sidecar.device },
              { name: t("tasks.sidecar.model"), value: sidecar.model },
              { name: t("tasks.sidecar.checked"), value: text.ago(sidecar.checked_s) },
              { name: t("tasks.sidecar.next_try"), value: sidecar.next_try_s ? text.ago(sidecar.next_try_s) : "" },
              { name: t("tasks.sidecar.log"), value: sidecar.log_path ?? "", isCode: true },
            ]}
          />
        </>
      )}
    </section>
  );
}
