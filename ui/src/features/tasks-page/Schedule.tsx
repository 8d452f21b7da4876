import React from "react";
import { Link } from "react-router-dom";
import { Problem } from "../../shared/Problem.tsx";
import { PAGES } from "../../shared/pages.ts";
import type { Asked } from "../../shared/useOperation.ts";
import { useText } from "../../text/text.ts";

interface Props {
  asked: Asked<"schedule.get">;
  isReachable: boolean;
  quietHours: string;
}

const JOBS = ["nightly", "sweep", "maintenance", "after_quiet_hours"] as const;

/** When the sidecar wakes Stash next. */
export function Schedule({ asked, isReachable, quietHours }: Props) {
  const text = useText();
  const { t } = text;
  const jobs = asked.data?.jobs;
  return (
    <section aria-labelledby="sense-health-schedule">
      <div className="sense-health-head">
        <h6 id="sense-health-schedule">{t("tasks.schedule")}</h6>
        <Link to={PAGES.settings.path}>{t("page.settings")}</Link>
      </div>
      {quietHours && <div>{t("tasks.schedule.quiet", { hours: quietHours })}</div>}
      {!isReachable && !jobs && <div className="text-muted">{t("tasks.schedule.unreachable")}</div>}
      {isReachable && asked.error && <Problem error={asked.error} again={asked.reload} />}
      {jobs?.length === 0 && <div className="text-muted">{t("tasks.schedule.none")}</div>}
      <ul className="sense-schedule">
        {jobs?.map((job) => {
          const known = JOBS.find((one) => one === job.id);
          return (
            <li key={job.id}>
              <span>{known ? t(`tasks.schedule.${known}`) : job.id}</span>
              <span className="text-muted" title={job.cron}>
                {job.next_run_s ? text.moment(job.next_run_s) : job.cron}
              </span>
              {job.last_outcome && job.last_run_s && (
                <div className="text-muted">
                  {t("tasks.schedule.last", { when: text.ago(job.last_run_s), outcome: job.last_outcome })}
                </div>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
