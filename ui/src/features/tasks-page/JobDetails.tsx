import React from "react";
import { ProgressBar } from "react-bootstrap";
import { Link } from "react-router-dom";
import type { Job } from "../../schemas/queue.ts";
import { capital } from "../../shared/capital.ts";
import { useText } from "../../text/text.ts";
import { isParent, momentOf, tallyOf } from "./job.ts";
import { remedyOf } from "./remedy.ts";

/** Under a job's name: how far it is, how it ended and why, and what helps. */
export function JobDetails({ job }: { job: Job }) {
  const text = useText();
  const { t } = text;
  const tally = tallyOf(job);
  const { what, at_s } = momentOf(job);
  const isDelayed = job.state === "pending" && job.next_try_s !== null && job.next_try_s > Date.now() / 1000;
  const remedy = job.state === "failed" || isDelayed ? remedyOf(job.reason_code) : undefined;
  const reason = isParent(job) && tally.total > 0 && job.state !== "failed" ? "" : job.reason;
  const when = (
    <span title={text.moment(at_s)}>
      {job.cancel_asked ? t("tasks.cancelling") : t(`tasks.when.${what}`, { when: text.ago(at_s) })}
    </span>
  );
  return (
    <div className="sense-job-details text-muted">
      {isParent(job) && job.state === "running" && tally.total > 0 && (
        <ProgressBar
          now={(100 * (tally.total - tally.left)) / tally.total}
          aria-label={t("tasks.progress.of", { name: job.name })}
        />
      )}
      <div>
        {when}
        {isParent(job) && tally.total > 0 && ` · ${t("tasks.tally", { ...tally })}`}
        {isParent(job) && tally.total === 0 && job.state === "pending" && ` · ${t("tasks.unselected")}`}
        {reason && job.state !== "failed" && !isDelayed && ` · ${reason}`}
        {isDelayed && ` · ${t("tasks.delayed", { when: text.ago(job.next_try_s ?? 0), attempt: job.attempts + 1 })}`}
      </div>
      {reason && (job.state === "failed" || isDelayed) && (
        <div className={job.state === "failed" ? "sense-job-reason" : ""}>{capital(reason)}</div>
      )}
      {remedy && (
        <div>
          {t(remedy.key)} {remedy.to && <Link to={remedy.to}>{t("page.settings")}</Link>}
        </div>
      )}
    </div>
  );
}
