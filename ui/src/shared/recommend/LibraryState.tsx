import React, { useEffect } from "react";
import { Button, ProgressBar } from "react-bootstrap";
import type { Library } from "../../schemas/recommend.ts";
import { useText } from "../../text/text.ts";
import type { Recompute } from "./useRecompute.ts";

/** A library that changed is read anew once for as long as the page is open, and not for each list of it. */
let wasAsked = false;

interface Props {
  library: Library;
  recompute: Recompute;
  /** The library was read while this list was shown: there may be others now. */
  isOutdated: boolean;
  onReload(): void;
}

/** What is known of the library, where that is not enough; nothing where it is. */
export function LibraryState({ library, recompute, isOutdated, onReload }: Props) {
  const { t } = useText();
  const { job, isAsked, begin } = recompute;
  const isUnread = library.synced_s === null;
  const isStale = !isUnread && library.stale;
  useEffect(() => {
    if (!isStale || wasAsked) return;
    wasAsked = true;
    begin();
  }, [isStale, begin]);

  const isWaiting = isAsked || !!job;
  if (isUnread) {
    return (
      <div className="card sense-library" role="status">
        <p>{t(isWaiting ? "recommend.reading" : "recommend.unread")}</p>
        {isWaiting ? (
          <Progress job={job} />
        ) : (
          <Button variant="primary" size="sm" onClick={begin}>
            {t("recommend.read")}
          </Button>
        )}
      </div>
    );
  }
  if (isWaiting) {
    return (
      <div className="sense-library-line text-muted" role="status">
        <span>{t("recommend.reading.changes")}</span>
        <Progress job={job} />
      </div>
    );
  }
  if (!isOutdated) return null;
  return (
    <div className="sense-library-line" role="status">
      <span>{t("recommend.outdated")}</span>
      <Button variant="primary" size="sm" onClick={onReload}>
        {t("recommend.show_new")}
      </Button>
    </div>
  );
}

function Progress({ job }: { job: Recompute["job"] }) {
  const { t } = useText();
  const share = job?.progress && job.progress > 0 ? Math.min(job.progress, 1) : 1;
  return (
    <ProgressBar
      animated={job?.status === "RUNNING"}
      striped={job?.status !== "RUNNING"}
      now={100 * share}
      aria-label={t("recommend.reading.progress")}
    />
  );
}
