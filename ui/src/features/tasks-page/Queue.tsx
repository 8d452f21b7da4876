import React, { useEffect, useState } from "react";
import { Card, Form } from "react-bootstrap";
import type { Status } from "../../schemas/status.ts";
import { useText } from "../../text/text.ts";
import { JobList } from "./JobList.tsx";
import { listedBy, type Query } from "./query.ts";
import { StateFilter } from "./StateFilter.tsx";
import type { Pulse } from "./usePages.ts";
import type { ChangeQuery } from "./useQuery.ts";

const TYPED_MS = 300;

interface Props {
  query: Query;
  change: ChangeQuery;
  status: Status;
  pulse: Pulse;
  /** The owner changed something in the queue. */
  changed(): void;
}

/** What waits, works and has ended: by what it was asked for with, or by state and words. */
export function Queue({ query, change, status, pulse, changed }: Props) {
  const { t } = useText();
  const [words, setWords] = useState(query.words);
  useEffect(() => setWords(query.words), [query.words]);
  useEffect(() => {
    if (words === query.words) return;
    const timer = window.setTimeout(() => change({ words }), TYPED_MS);
    return () => window.clearTimeout(timer);
  }, [words, query.words, change]);
  const isFiltered = query.state !== "" || query.words.trim() !== "";
  return (
    <Card className="sense-tasks-card">
      <div className="sense-queue-filters">
        <StateFilter chosen={query.state} counts={status.queue} onChoose={(state) => change({ state })} />
        <Form.Control
          type="search"
          size="sm"
          className="text-input sense-queue-search"
          placeholder={t("tasks.search")}
          aria-label={t("tasks.search")}
          value={words}
          onChange={({ target }) => setWords(target.value)}
        />
      </div>
      <JobList
        wanted={listedBy(query)}
        pulse={pulse}
        empty={isFiltered ? t("tasks.queue.none") : t("tasks.queue.empty")}
        changed={changed}
      />
    </Card>
  );
}
