import React from "react";
import { Button, ProgressBar } from "react-bootstrap";
import { Link } from "react-router-dom";
import { isOurs, type StashJob } from "../../host/stashQueue.ts";
import type { Progress as Made } from "../../schemas/status.ts";
import { timecode } from "../../shared/format.ts";
import { duration } from "../../shared/reason.ts";
import { type Text, useText } from "../../text/text.ts";
import { type Look, rowOf, type Wait, waitOf } from "./work.ts";

interface Props {
  /** undefined: nothing is known yet. */
  look: Look | undefined;
  jobs: readonly StashJob[] | undefined;
  isBusy: boolean;
  onCancel(): void;
  onResume(): void;
}

/** How far the scene's analysis is, or what it waits for. */
export function Progress({ look, jobs, isBusy, onCancel, onResume }: Props) {
  const text = useText();
  const { t } = text;
  const row = rowOf(look);
  // A batch that runs has its media in the queue, and no progress of its own.
  const job = row === look?.batch ? undefined : row;
  const made = job?.state === "running" ? look?.medium.progress : null;
  const wait = look && job?.state !== "running" ? waitOf(look, jobs, isOurs, Date.now() / 1000) : undefined;
  const share = made && made.duration_s > 0 ? Math.min(made.position_s / made.duration_s, 1) : undefined;
  const isRunning = job?.state === "running";
  const isCancelling = job?.cancel_asked ?? false;
  return (
    <section className="sense-progress" aria-label={t("tab.progress")}>
      <div className="sense-progress-head">
        <div role="status">
          <strong>{isCancelling ? t("tab.progress.cancelling") : heading(text, look, made)}</strong>
          <div className="text-muted">
            {made && details(text, made)}
            {wait && <Waiting wait={wait} ahead={look?.medium.ahead ?? 0} isBusy={isBusy} onResume={onResume} />}
          </div>
        </div>
        <Button variant="secondary" size="sm" disabled={isBusy || isCancelling || !look} onClick={onCancel}>
          {t("action.cancel")}
        </Button>
      </div>
      {(isRunning || stashShare(wait) > 0) && (
        <ProgressBar
          animated={isRunning}
          striped={!isRunning}
          now={100 * (isRunning ? (share ?? 1) : stashShare(wait))}
          aria-label={t("tab.progress")}
        />
      )}
    </section>
  );
}

function heading(text: Text, look: Look | undefined, made: Made | null | undefined): string {
  if (made) {
    const known = ["coarse", "refine", "score"] as const;
    const stage = known.find((one) => one === made.stage);
    return stage ? text.t(`tab.stage.${stage}`) : made.stage;
  }
  return text.t(look?.medium.job?.state === "running" ? "tab.progress.begins" : "tab.progress.waits");
}

function details(text: Text, made: Made): string {
  const { t } = text;
  const parts = [];
  if (made.duration_s > 0) {
    parts.push(t("tab.progress.at", { at: timecode(made.position_s), of: timecode(made.duration_s) }));
  }
  if (made.frames_per_s > 0) parts.push(t("tab.progress.speed", { frames: text.number(made.frames_per_s) }));
  if (made.seconds_left !== null) parts.push(t("tab.progress.left", { left: duration(text, made.seconds_left) }));
  return parts.join(" · ");
}

interface WaitingProps {
  wait: Wait;
  ahead: number;
  isBusy: boolean;
  onResume(): void;
}

function Waiting({ wait, ahead, isBusy, onResume }: WaitingProps) {
  const text = useText();
  const { t } = text;
  switch (wait.why) {
    case "paused":
      return (
        <>
          {t("tab.wait.paused", { sentence: wait.sentence })}{" "}
          <Button variant="link" size="sm" className="sense-inline" disabled={isBusy} onClick={onResume}>
            {t("tab.wait.resume")}
          </Button>
        </>
      );
    case "later":
      return <>{t("tab.wait.later", { when: text.ago(wait.at_s), sentence: wait.sentence })}</>;
    case "stash":
      return (
        <>
          {t("tab.wait.stash", {
            job: wait.job.description,
            share: wait.job.progress === null ? "" : text.share(wait.job.progress),
            known: wait.job.progress === null ? "no" : "yes",
          })}{" "}
          {ahead > 0 && t("tab.wait.line", { ahead })}
        </>
      );
    case "told":
      return (
        <>
          {wait.sentence} <Link to="/sense/tasks">{t("tab.wait.tasks")}</Link>
        </>
      );
    case "line":
      return (
        <>
          {t("tab.wait.line", { ahead })} {wait.sentence}{" "}
          {wait.sentence && <Link to="/sense/tasks">{t("tab.wait.tasks")}</Link>}
        </>
      );
  }
}

function stashShare(wait: Wait | undefined): number {
  return wait?.why === "stash" ? Math.max(wait.job.progress ?? 0, 0) : 0;
}
