import { faCheck, faExclamationTriangle, faRotateLeft } from "@fortawesome/free-solid-svg-icons";
import React, { useState } from "react";
import { Badge, Button, Spinner } from "react-bootstrap";
import { Link } from "react-router-dom";
import { refreshAll } from "../../host/refresh.ts";
import { call, type Output } from "../../operations.ts";
import { Icon } from "../../shared/Icon.tsx";
import { type Text, useText } from "../../text/text.ts";
import { Confirm } from "./Confirm.tsx";
import { useAct } from "./useAct.ts";

type Run = Output<"runs.list">["runs"][number];
type Undone = Output<"runs.undo">;

const ORIGINS = ["task", "hook", "schedule", "operation", "undo"] as const;
const MOST_FAILURES = 5;

export function RunRow({ run, changed }: { run: Run; changed(): void }) {
  const text = useText();
  const { t } = text;
  const [isAsking, setAsking] = useState(false);
  const [undone, setUndone] = useState<Undone>();
  const undo = useAct(async () => {
    setAsking(false);
    const made = await call("runs.undo", { id: run.id });
    refreshAll();
    setUndone(made);
    changed();
    return t("tasks.undone", { taken_back: made.taken_back, left: made.left });
  });
  const origin = ORIGINS.find((one) => one === run.origin);
  const isOver = run.ended_s !== null;
  return (
    <li className="sense-job">
      <div className="sense-job-row">
        <div className="sense-job-words">
          <div className="sense-job-name">
            <span className="sense-run-title">{run.title}</span>
            {origin && origin !== "operation" && <Badge variant="secondary">{t(`tasks.origin.${origin}`)}</Badge>}
            {run.undone_s !== null && (
              <Badge variant="warning" title={text.moment(run.undone_s)}>
                {t("tasks.run.undone")}
              </Badge>
            )}
          </div>
          <div className="sense-job-details text-muted">
            <div>
              <span title={text.moment(run.started_s)}>
                {t(isOver ? "tasks.run.ended" : "tasks.run.running", { when: text.ago(run.ended_s ?? run.started_s) })}
              </span>
              {origin !== "undo" && ` · ${resultOf(text, run)}`}
            </div>
          </div>
        </div>
        <div className="sense-job-actions">
          {run.suggested > 0 && (
            <Link className="btn btn-secondary btn-sm minimal" to={`/sense/inbox?by=run&group=${run.id}`}>
              {t("tasks.review")}
            </Link>
          )}
          {run.written > 0 && (
            <Button variant="secondary" size="sm" disabled={undo.busy} onClick={() => setAsking(true)}>
              {undo.busy ? <Spinner animation="border" size="sm" /> : <Icon icon={faRotateLeft} />}
              {t("action.undo")}
            </Button>
          )}
        </div>
      </div>
      {undone && (
        <div className={`sense-run-undone text-${undone.failed.length > 0 ? "warning" : "success"}`}>
          <Icon icon={undone.failed.length > 0 ? faExclamationTriangle : faCheck} />
          {t("tasks.undone", { taken_back: undone.taken_back, left: undone.left })}
          {undone.failed.length > 0 && (
            <ul>
              {undone.failed.slice(0, MOST_FAILURES).map((one) => (
                <li key={one}>{one}</li>
              ))}
              {undone.failed.length > MOST_FAILURES && (
                <li>{t("tasks.undone.more", { count: undone.failed.length - MOST_FAILURES })}</li>
              )}
            </ul>
          )}
        </div>
      )}
      {isAsking && (
        <Confirm
          title={t("tasks.undo.title", { title: run.title })}
          yes={t("action.undo")}
          no={t("action.cancel")}
          variant="danger"
          onYes={() => void undo.run()}
          onNo={() => setAsking(false)}
        >
          <p>{t("tasks.undo.question", { count: run.written })}</p>
          {!isOver && <p>{t("tasks.undo.running")}</p>}
        </Confirm>
      )}
    </li>
  );
}

function resultOf({ t }: Text, { analysed, failed, suggested, written }: Run): string {
  const parts = [
    analysed > 0 && t("tasks.run.analysed", { count: analysed }),
    failed > 0 && t("tasks.run.failed", { count: failed }),
    suggested > 0 && t("tasks.run.suggested", { count: suggested }),
    written > 0 && t("tasks.run.written", { count: written }),
  ].filter((part) => part !== false);
  return parts.length > 0 ? parts.join(" · ") : t("tasks.run.nothing");
}
