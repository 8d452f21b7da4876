import React from "react";
import { Button, Card } from "react-bootstrap";
import { call } from "../../operations.ts";
import { Loading } from "../../shared/Loading.tsx";
import { Problem } from "../../shared/Problem.tsx";
import { useText } from "../../text/text.ts";
import { RunRow } from "./RunRow.tsx";
import { type Pulse, usePages } from "./usePages.ts";

const PAUSE_MS = 15_000;

/** What was done as one thing, what came of it, and the way back. */
export function Runs({ pulse, changed }: { pulse: Pulse; changed(): void }) {
  const { t } = useText();
  const list = usePages("runs", async (page, signal) => (await call("runs.list", page, signal)).runs, pulse, PAUSE_MS);
  return (
    <Card className="sense-tasks-card">
      {list.error && <Problem error={list.error} again={list.reload} />}
      {!list.rows && !list.error && <Loading />}
      {list.rows?.length === 0 && <div className="sense-tasks-empty text-muted">{t("tasks.runs.empty")}</div>}
      <ul className="sense-jobs sense-runs">
        {list.rows?.map((run) => (
          <RunRow key={run.id} run={run} changed={changed} />
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
    </Card>
  );
}
