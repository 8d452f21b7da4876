import React from "react";
import { Button, ProgressBar } from "react-bootstrap";
import { Link } from "react-router-dom";
import { pluginApi } from "../../host/pluginApi.ts";
import { call } from "../../operations.ts";
import type { ListedSuggestion, Where } from "../../schemas/suggestions.ts";
import { sentence } from "../../shared/Problem.tsx";
import { PAGES } from "../../shared/pages.ts";
import { Said } from "../../shared/Said.tsx";
import { useAction } from "../../shared/useOperation.ts";
import { useText } from "../../text/text.ts";
import type { Verdict } from "./ledger.ts";
import type { State } from "./query.ts";
import { VERDICTS } from "./Row.tsx";
import { countOf, type Selection } from "./selection.ts";
import { Threshold } from "./Threshold.tsx";
import type { Bulk } from "./useDecisions.ts";

const VARIANTS = { accept: "success", reject: "danger", undo: "secondary" } as const;

interface Props {
  state: State;
  where: Where;
  rows: readonly ListedSuggestion[];
  isWhole: boolean;
  total: number;
  low: number | undefined;
  top: number | undefined;
  shown(score: number): string;
  selection: Selection;
  bulk: Bulk | undefined;
  /** How many there are by now that the list was asked too early for. */
  fresh: number;
  onReload(): void;
  onTickAll(on: boolean): void;
  onDecideTicked(verdict: Verdict): void;
  onDecideAll(verdict: "accept", where: Where, count: number): void;
}

/** The bar over the rows: tick all of them, decide about what is ticked, or about all that are good enough. */
export function BulkBar(props: Props) {
  const { state, total, selection, bulk, rows, top } = props;
  const { t, number } = useText();
  const chosen = countOf(selection, total);
  const isAll = selection.mode === "all" || (chosen > 0 && chosen === rows.length);
  if (bulk) {
    return (
      <div className="sense-inbox-bulk" role="status">
        <span>{t(`inbox.bulk.${bulk.verdict}`, { done: bulk.done, total: bulk.total })}</span>
        <ProgressBar animated now={Math.max(3, (100 * bulk.done) / Math.max(1, bulk.total))} />
      </div>
    );
  }
  if (total === 0) return null;
  return (
    <div className="sense-inbox-bulk">
      <label className="sense-inbox-tick-all">
        <input
          type="checkbox"
          checked={isAll}
          ref={(box) => {
            if (box) box.indeterminate = chosen > 0 && !isAll;
          }}
          onChange={(event) => props.onTickAll(event.target.checked)}
        />
        <span>{chosen > 0 ? t("inbox.ticked", { count: chosen }) : t("inbox.tick.all", { count: number(total) })}</span>
      </label>
      {chosen > 0 && (
        <div className="sense-inbox-chosen">
          {VERDICTS[state].map((verdict) => (
            <Button key={verdict} variant={VARIANTS[verdict]} size="sm" onClick={() => props.onDecideTicked(verdict)}>
              {t(`inbox.${verdict}.count`, { count: chosen })}
            </Button>
          ))}
        </div>
      )}
      {chosen === 0 && props.fresh > 0 && (
        <Button variant="secondary" size="sm" onClick={props.onReload}>
          {t("inbox.fresh", { count: props.fresh })}
        </Button>
      )}
      {chosen === 0 && state === "accepted" && <WriteNow />}
      {chosen === 0 && state === "pending" && top !== undefined && (
        <Threshold
          key={JSON.stringify({ ...props.where, up_to_id: undefined })}
          where={props.where}
          rows={rows}
          isWhole={props.isWhole}
          total={total}
          low={props.low}
          top={top}
          shown={props.shown}
          disabled={false}
          onAccept={(where, count) => props.onDecideAll("accept", where, count)}
        />
      )}
    </div>
  );
}

/** What was accepted and is not in Stash yet is written by the next run; or now. */
function WriteNow() {
  const text = useText();
  const { t } = text;
  const toast = pluginApi().hooks.useToast();
  const write = useAction(
    async () => {
      const { queued } = await call("suggestions.apply", {});
      toast.success(
        <Said>
          <span>
            {t("inbox.said.queued.accept", { count: queued })} <Link to={PAGES.tasks.path}>{t("page.tasks")}</Link>
          </span>
        </Said>,
      );
    },
    (error) => toast.error(sentence(text, error)),
  );
  return (
    <Button variant="primary" size="sm" disabled={write.busy} onClick={() => void write.run()}>
      {t("inbox.write")}
    </Button>
  );
}
