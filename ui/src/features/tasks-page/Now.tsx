import {
  faBan,
  faCheck,
  faClock,
  faCog,
  faHourglassHalf,
  faPause,
  faPlay,
  faPlugCircleXmark,
  type IconDefinition,
} from "@fortawesome/free-solid-svg-icons";
import React, { useState } from "react";
import { Button, Card, ProgressBar } from "react-bootstrap";
import { isOurs, type StashJob } from "../../host/stashQueue.ts";
import { call } from "../../operations.ts";
import type { Status } from "../../schemas/status.ts";
import { capital } from "../../shared/capital.ts";
import { Icon } from "../../shared/Icon.tsx";
import { type Text, useText } from "../../text/text.ts";
import { Confirm } from "./Confirm.tsx";
import { type Headline, headlineOf, waitingOf } from "./headline.ts";
import { InWork } from "./InWork.tsx";
import { StashQueue } from "./StashQueue.tsx";
import { useAct } from "./useAct.ts";

const ICONS: Record<Headline["state"], IconDefinition> = {
  running: faCog,
  paused: faPause,
  stash: faHourglassHalf,
  soon: faClock,
  sidecar: faPlugCircleXmark,
  told: faClock,
  idle: faCheck,
};

interface Props {
  status: Status;
  jobs: readonly StashJob[] | undefined;
  /** The owner changed something in the queue. */
  changed(): void;
}

/** What happens now, or why nothing does; and how to stop it and to let it go on. */
export function Now({ status, jobs, changed }: Props) {
  const text = useText();
  const { t } = text;
  const [isAsking, setAsking] = useState(false);
  const headline = headlineOf(status, jobs);
  const { state } = headline;
  const { detail, share } = status.drain;
  const left = waitingOf(status) + (status.queue.running ?? 0);
  const hasWork = left > 0 || state === "running" || (jobs?.some(isOurs) ?? false);

  const pause = useAct(async () => {
    await call("queue.pause", {});
    changed();
    return t("tasks.paused");
  });
  const resume = useAct(async () => {
    await call("queue.resume", {});
    changed();
    return "";
  });
  const look = useAct(async () => {
    await call("status.check", {});
    changed();
    return "";
  });
  const cancel = useAct(async () => {
    const { cancelled } = await call("queue.cancel_all", {});
    setAsking(false);
    changed();
    return t("tasks.cancelled", { count: cancelled });
  });

  return (
    <section aria-labelledby="sense-tasks-now">
      <Card className={`sense-tasks-card sense-now sense-now-${state}`}>
        <div className="sense-now-head">
          <Icon icon={ICONS[state]} className={`sense-now-icon ${state === "running" ? "fa-spin" : ""}`} />
          <div className="sense-now-words" role="status">
            <h5 id="sense-tasks-now">{titleOf(text, headline)}</h5>
            <div className="text-muted">{wordsOf(text, headline)}</div>
          </div>
          <div className="sense-now-actions">
            {state === "sidecar" && (
              <Button variant="primary" size="sm" disabled={look.busy} onClick={() => void look.run()}>
                {t("action.again")}
              </Button>
            )}
            {state === "paused" ? (
              <Button variant="primary" size="sm" disabled={resume.busy} onClick={() => void resume.run()}>
                <Icon icon={faPlay} />
                {t("tasks.resume")}
              </Button>
            ) : (
              hasWork && (
                <Button variant="secondary" size="sm" disabled={pause.busy} onClick={() => void pause.run()}>
                  <Icon icon={faPause} />
                  {t("tasks.pause")}
                </Button>
              )
            )}
            {hasWork && (
              <Button variant="secondary" size="sm" onClick={() => setAsking(true)}>
                <Icon icon={faBan} />
                {t("tasks.cancel_all")}
              </Button>
            )}
          </div>
        </div>
        {detail.total > 0 && (
          <div className="sense-now-progress">
            <ProgressBar
              animated={state === "running"}
              striped={state !== "running"}
              now={100 * share}
              aria-label={t("tasks.progress")}
              aria-valuetext={text.share(share)}
            />
            <span className="sense-now-count">
              {t("tasks.done", { done: detail.done, total: detail.total, failed: detail.failed })}
            </span>
          </div>
        )}
        <InWork media={detail.media} />
        <StashQueue jobs={jobs} />
      </Card>
      {isAsking && (
        <Confirm
          title={t("tasks.cancel_all")}
          yes={t("tasks.cancel_all.yes")}
          no={t("tasks.cancel_all.no")}
          variant="danger"
          isBusy={cancel.busy}
          onYes={() => void cancel.run()}
          onNo={() => setAsking(false)}
        >
          {t("tasks.cancel_all.question", { count: left })}
        </Confirm>
      )}
    </section>
  );
}

function titleOf({ t }: Text, headline: Headline): string {
  if (headline.state === "running") return t(headline.isSelecting ? "tasks.now.selecting" : "tasks.now.running");
  return t(`tasks.now.${headline.state}`);
}

function wordsOf({ t, share }: Text, headline: Headline): string {
  switch (headline.state) {
    case "running":
      return headline.sentence;
    case "stash":
      return t("tasks.now.stash.words", {
        job: headline.job.description,
        known: headline.job.progress !== null && headline.job.progress > 0 ? "yes" : "no",
        share: share(headline.job.progress ?? 0),
        count: headline.waiting,
      });
    case "soon":
      return t("tasks.now.soon.words", { count: headline.waiting });
    case "paused":
      return t("tasks.now.paused.words", { count: headline.waiting, sentence: capital(headline.sentence) });
    case "idle":
      return headline.sentence ? capital(headline.sentence) : t("tasks.now.idle.words");
    case "sidecar":
      return t("tasks.now.sidecar.words", { count: headline.waiting, sentence: capital(headline.sentence) });
    case "told":
      return headline.sentence ? capital(headline.sentence) : t("tasks.now.waiting.words", { count: headline.waiting });
  }
}
