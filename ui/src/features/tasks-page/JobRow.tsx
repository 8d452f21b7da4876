import {
  faBan,
  faCheck,
  faChevronDown,
  faChevronRight,
  faClock,
  faCog,
  faExclamationTriangle,
  faRotateRight,
  faXmark,
  type IconDefinition,
} from "@fortawesome/free-solid-svg-icons";
import React, { useState } from "react";
import { Badge, Button } from "react-bootstrap";
import { Link } from "react-router-dom";
import { call } from "../../operations.ts";
import type { Kind } from "../../schemas/common.ts";
import type { Job } from "../../schemas/queue.ts";
import { Icon } from "../../shared/Icon.tsx";
import { pathOf } from "../../shared/media.ts";
import { useText } from "../../text/text.ts";
import { JobDetails } from "./JobDetails.tsx";
import { canCancel, canRetry, isParent } from "./job.ts";
import { Media } from "./Media.tsx";
import type { JobState } from "./query.ts";
import { useTitle } from "./titles.ts";
import { useAct } from "./useAct.ts";
import type { Pulse } from "./usePages.ts";

const ICONS: Record<JobState, IconDefinition> = {
  pending: faClock,
  running: faCog,
  completed: faCheck,
  failed: faExclamationTriangle,
  cancelled: faBan,
};

interface Props {
  job: Job;
  pulse: Pulse;
  /** The owner changed something in the queue. */
  changed(): void;
}

/** One job; of a batch or a gallery, what is below it, once that is opened. */
export function JobRow({ job, pulse, changed }: Props) {
  const text = useText();
  const { t } = text;
  const [isOpen, setOpen] = useState(false);
  const title = useTitle(text, job);
  const retry = useAct(async () => {
    const { retried } = await call("queue.retry", { id: job.id });
    changed();
    return t("tasks.retried", { count: retried });
  });
  const cancel = useAct(async () => {
    const { cancelled } = await call("queue.cancel", { id: job.id });
    changed();
    return t("tasks.cancelled", { count: cancelled });
  });
  const kind = job.kind as Kind | null;
  const below = `sense-job-${job.id}`;
  return (
    <li className={`sense-job sense-job-${job.state}`}>
      <div className="sense-job-row">
        <span className="sense-job-icon" title={t(`tasks.states.${job.state}`)}>
          <Icon icon={ICONS[job.state]} className={job.state === "running" ? "fa-spin" : ""} />
          <span className="sense-visually-hidden">{t(`tasks.states.${job.state}`)}</span>
        </span>
        <div className="sense-job-words">
          <div className="sense-job-name">
            {isParent(job) ? (
              <Button
                variant="link"
                className="sense-job-open"
                aria-expanded={isOpen}
                aria-controls={below}
                onClick={() => setOpen(!isOpen)}
              >
                <Icon icon={isOpen ? faChevronDown : faChevronRight} />
                {title}
              </Button>
            ) : (
              kind && job.media_id !== null && <Link to={pathOf(kind, job.media_id)}>{title}</Link>
            )}
            {isParent(job) && kind && job.media_id !== null && (
              <Link to={pathOf(kind, job.media_id)} className="sense-job-medium">
                {t("tasks.open")}
              </Link>
            )}
            {job.priority === "low" && job.state === "pending" && (
              <Badge variant="secondary">{t("tasks.priority.low")}</Badge>
            )}
            {job.action !== "batch" && job.action !== "analyse" && (
              <Badge variant="secondary">
                {t(job.action === "apply" ? "tasks.action.apply" : "tasks.action.retag")}
              </Badge>
            )}
          </div>
          <JobDetails job={job} />
        </div>
        <div className="sense-job-actions">
          {canRetry(job) && (
            <Button
              variant="secondary"
              size="sm"
              className="minimal"
              title={t("tasks.retry.of", { name: title })}
              aria-label={t("tasks.retry.of", { name: title })}
              disabled={retry.busy}
              onClick={() => void retry.run()}
            >
              <Icon icon={faRotateRight} />
            </Button>
          )}
          {canCancel(job) && (
            <Button
              variant="secondary"
              size="sm"
              className="minimal"
              title={t("tasks.cancel.of", { name: title })}
              aria-label={t("tasks.cancel.of", { name: title })}
              disabled={cancel.busy}
              onClick={() => void cancel.run()}
            >
              <Icon icon={faXmark} />
            </Button>
          )}
        </div>
      </div>
      {isParent(job) && (
        <div id={below} className="sense-job-media">
          {isOpen && <Media job={job} pulse={pulse} changed={changed} />}
        </div>
      )}
    </li>
  );
}
