import React from "react";
import { Badge } from "react-bootstrap";
import { isOurs, type StashJob } from "../../host/stashQueue.ts";
import { useText } from "../../text/text.ts";

const MOST = 6;
/** As Stash describes what plugins do. */
const PREFIX = /^Running plugin task: /;

/** Stash's own queue, one job at a time, ours among others; nothing where only we are in it. */
export function StashQueue({ jobs }: { jobs: readonly StashJob[] | undefined }) {
  const { t, share } = useText();
  if (!jobs || jobs.every(isOurs)) return null;
  return (
    <div className="sense-stash-queue">
      <h6>{t("tasks.stash")}</h6>
      <ol>
        {jobs.slice(0, MOST).map((job) => (
          <li key={job.id} className={job.status === "READY" ? "text-muted" : ""}>
            <span className="sense-stash-queue-name">{nameOf(job)}</span>
            {isOurs(job) && !nameOf(job).startsWith("Stash Sense") && <Badge variant="secondary">{t("name")}</Badge>}
            <span className="sense-stash-queue-state">
              {job.status === "RUNNING" && job.progress !== null && job.progress > 0
                ? share(Math.min(job.progress, 1))
                : t(`tasks.stash.${job.status}`)}
            </span>
          </li>
        ))}
      </ol>
      {jobs.length > MOST && <div className="text-muted">{t("tasks.stash.more", { count: jobs.length - MOST })}</div>}
    </div>
  );
}

function nameOf({ description }: StashJob): string {
  return description.replace(PREFIX, "");
}
