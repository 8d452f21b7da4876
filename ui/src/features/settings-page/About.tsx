import React, { useState } from "react";
import { Alert, Button } from "react-bootstrap";
import { pluginApi } from "../../host/pluginApi.ts";
import { call, type OperationError } from "../../operations.ts";
import type { Status } from "../../schemas/status.ts";
import { Problem } from "../../shared/Problem.tsx";
import { useAction } from "../../shared/useOperation.ts";
import { useText } from "../../text/text.ts";
import { Section, Setting } from "./Section.tsx";

declare const __VERSION__: string;

interface Props {
  /** undefined: nothing could be asked. */
  status: Status | undefined;
  reload(): void;
}

/** What is installed, and whether it fits together. */
export function About({ status, reload }: Props) {
  const { t, ago } = useText();
  const toast = pluginApi().hooks.useToast();
  const [error, setError] = useState<OperationError>();
  const sidecar = status?.sidecar ?? undefined;
  const isOutdated = !!status?.version && status.version !== __VERSION__;
  const restart = useAction(async () => {
    setError(undefined);
    const { stopped } = await call("sidecar.restart", {});
    toast.success(t(stopped ? "settings.about.restarted" : "settings.about.started"));
    reload();
  }, setError);
  const check = useAction(async () => {
    setError(undefined);
    await call("status.check", {});
    reload();
  }, setError);
  const unknown = t("settings.about.unknown");
  return (
    <>
      {isOutdated && (
        <Alert variant="warning" className="sense-problem">
          <span>{t("settings.about.outdated", { plugin: status.version, page: __VERSION__ })}</span>
          <Button variant="secondary" size="sm" onClick={() => window.location.reload()}>
            {t("settings.about.reload")}
          </Button>
        </Alert>
      )}
      {sidecar?.version_mismatch && (
        <Alert variant="warning" className="sense-problem">
          <span>{sidecar.version_mismatch}</span>
          {sidecar.is_ours && (
            <Button variant="secondary" size="sm" disabled={restart.busy} onClick={() => void restart.run()}>
              {t("settings.about.restart")}
            </Button>
          )}
        </Alert>
      )}
      {error && <Problem error={error} />}
      <Section heading={t("settings.about.versions")}>
        <Setting heading={t("settings.about.plugin")}>
          <Version>{status?.version || unknown}</Version>
        </Setting>
        <Setting heading={t("settings.about.page")}>
          <Version>{__VERSION__}</Version>
        </Setting>
        <Setting heading={t("settings.about.sidecar")}>
          <Version>{sidecar?.version || unknown}</Version>
        </Setting>
        <Setting heading={t("settings.about.stash")}>
          <Version>{status?.stash_version || unknown}</Version>
        </Setting>
      </Section>
      {status?.ready && (
        <Section heading={t("settings.about.sidecar")}>
          <Setting
            heading={
              sidecar ? t(sidecar.ok ? "settings.about.answers" : "settings.about.silent") : t("settings.about.unasked")
            }
            value={sidecar?.address || undefined}
            about={
              sidecar && (
                <>
                  {sidecar.message} ({ago(sidecar.checked_s)})
                </>
              )
            }
          >
            <Button variant="secondary" disabled={check.busy} onClick={() => void check.run()}>
              {t("settings.about.check")}
            </Button>
          </Setting>
          <Setting
            heading={t("settings.about.restart")}
            about={t(sidecar && !sidecar.is_ours ? "settings.about.not_ours" : "settings.about.restart.about")}
          >
            <Button
              variant="secondary"
              disabled={restart.busy || (sidecar && !sidecar.is_ours)}
              onClick={() => void restart.run()}
            >
              {t(restart.busy ? "settings.about.restarting" : "settings.about.restart.now")}
            </Button>
          </Setting>
          {sidecar?.log_path && <Setting heading={t("settings.about.log")} value={sidecar.log_path} />}
        </Section>
      )}
      <Section heading={t("settings.about.rest")}>
        <Setting
          heading={t("settings.about.data")}
          value={t("settings.about.data.folder")}
          about={t("settings.about.data.about")}
        />
        <Setting heading={t("settings.about.licence")} about={t("settings.about.licence.about")}>
          <Version>{t("settings.about.licence.name")}</Version>
        </Setting>
      </Section>
    </>
  );
}

function Version({ children }: { children: string }) {
  return <span className="sense-version">{children}</span>;
}
