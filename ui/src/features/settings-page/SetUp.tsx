import React from "react";
import { Button, ProgressBar } from "react-bootstrap";
import { pluginApi } from "../../host/pluginApi.ts";
import { useAction } from "../../shared/useOperation.ts";
import { useText } from "../../text/text.ts";
import { Section, Setting } from "./Section.tsx";
import { useSetUp } from "./useSetUp.ts";

interface Props {
  /** The plugin's own words on what must be done; "" for none. */
  instruction: string;
  onEnd(): void;
}

/** The task Set up, and how far it is. */
export function SetUp({ instruction, onEnd }: Props) {
  const { t, share } = useText();
  const toast = pluginApi().hooks.useToast();
  const { job, start } = useSetUp(onEnd);
  const begin = useAction(start, (error) => toast.error(t("settings.set_up.refused", { message: error.message })));
  const isKnown = job?.progress !== null && job?.progress !== undefined && job.progress >= 0;
  return (
    <Section heading={t("settings.set_up")}>
      <Setting heading={t("settings.set_up.what")} about={instruction || t("settings.set_up.about")}>
        <Button
          variant={instruction ? "primary" : "secondary"}
          disabled={!!job || begin.busy}
          onClick={() => void begin.run()}
        >
          {t("settings.set_up")}
        </Button>
      </Setting>
      {job && (
        <div className="sense-settings-progress" role="status">
          <ProgressBar
            animated
            now={isKnown ? (job.progress ?? 0) * 100 : 100}
            label={isKnown ? share(job.progress ?? 0) : ""}
            aria-label={t("settings.set_up.progress")}
          />
          <span className="text-muted">
            {job.status === "READY"
              ? t("settings.set_up.waits")
              : job.subTasks?.join(" · ") || t("settings.set_up.runs")}
          </span>
        </div>
      )}
    </Section>
  );
}
