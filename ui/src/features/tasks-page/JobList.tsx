import React from "react";
import { Button } from "react-bootstrap";
import { type Arguments, call } from "../../operations.ts";
import { Loading } from "../../shared/Loading.tsx";
import { Problem } from "../../shared/Problem.tsx";
import { useText } from "../../text/text.ts";
import { JobRow } from "./JobRow.tsx";
import { type Pulse, usePages } from "./usePages.ts";

const PAUSE_MS = 6000;

interface Props {
  wanted: Omit<Arguments<"queue.list">, "limit" | "before_id">;
  pulse: Pulse;
  empty: string;
  /** The owner changed something in the queue. */
  changed(): void;
}

/** Jobs, the newest first, a page at a time. */
export function JobList({ wanted, pulse, empty, changed }: Props) {
  const { t } = useText();
  const list = usePages(
    JSON.stringify(wanted),
    async (page, signal) => (await call("queue.list", { ...wanted, ...page }, signal)).jobs,
    pulse,
    PAUSE_MS,
  );
  return (
    <>
      {list.error && <Problem error={list.error} again={list.reload} />}
      {!list.rows && !list.error && <Loading />}
      {list.rows?.length === 0 && <div className="sense-tasks-empty text-muted">{empty}</div>}
      <ul className="sense-jobs">
        {list.rows?.map((job) => (
          <JobRow key={job.id} job={job} pulse={pulse} changed={changed} />
        ))}
      </ul>
      {list.hasMore && (
        <Button
          variant="secondary"
          size="sm"
          className="sense-tasks-more"
          disabled={list.isLoading}
          onClick={list.more}
        >
          {t("tasks.more")}
        </Button>
      )}
    </>
  );
}
