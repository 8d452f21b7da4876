import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from "react";
import { pluginApi } from "../../host/pluginApi.ts";
import { refresh, refreshAll } from "../../host/refresh.ts";
import { OperationError } from "../../operations.ts";
import type { Where } from "../../schemas/suggestions.ts";
import { sentence } from "../../shared/Problem.tsx";
import { useText } from "../../text/text.ts";
import { useAnnounce } from "./Announcer.tsx";
import type { SinceThen } from "./groups.ts";
import { type Decided, Ledger, type Verdict } from "./ledger.ts";
import { decideAll, decideThese, undoThese } from "./outcome.ts";
import type { State } from "./query.ts";
import { useOutcomeToast } from "./useOutcomeToast.tsx";

/** Everything that `where` means, being decided. */
export interface Bulk {
  verdict: "accept" | "reject";
  where: Where;
  done: number;
  total: number;
}

/** again: does once more what failed. */
export interface Failure {
  error: OperationError;
  count: number;
  again(): void;
}

export interface Decisions {
  decide(verdict: Verdict, rows: readonly Decided[]): void;
  decideAll(verdict: "accept" | "reject", where: Where, total: number): void;
  undoLast(): void;
  hidden: ReadonlySet<number>;
  since(asked_ms: number): readonly SinceThen[];
  bulk: Bulk | undefined;
  /** Something was not told to the plugin yet. */
  isBusy: boolean;
  failure: Failure | undefined;
  forgive(): void;
  /** Changes with every decision. */
  version: number;
}

type Done = { ids: readonly number[] } | { act: true };

interface Told {
  /** Something was settled: what was counted before is old. */
  onSettled(): void;
  /** Rows come back that no list may hold. */
  onRestored(ids: readonly number[]): void;
  /** A list was asked for before it could have what was decided. */
  onStale(): void;
}

/** What the owner decides on this page: shown at once, sent, said, taken back. state: of the rows that are shown. */
export function useDecisions(state: State, told: Told): Decisions {
  const [version, changed] = useReducer((n: number) => n + 1, 0);
  const [bulk, setBulk] = useState<Bulk>();
  const [failure, setFailure] = useState<Failure>();
  const say = useOutcomeToast();
  const announce = useAnnounce();
  const toast = pluginApi().hooks.useToast();
  const text = useText();
  const latest = useRef({ told, say, announce, toast, text });
  latest.current = { told, say, announce, toast, text };
  const alive = useRef(true);
  const done = useRef<Done[]>([]);
  // What waited and was decided as a whole, loaded or not.
  const [together, setTogether] = useState<ReadonlySet<number>>(new Set());
  const whenAlive = useCallback((act: () => void) => {
    if (alive.current) act();
  }, []);
  // Whoever has left the page is told all the same.
  const fail = useCallback((problem: unknown, count: number, again: () => void) => {
    const error = asError(problem);
    const { toast, text } = latest.current;
    if (alive.current) setFailure({ error, count, again });
    else toast.error(`${text.t("inbox.failed", { count })} ${sentence(text, error)}`);
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the ledger is one for the page's life.
  const undo = useCallback(
    async (ids: readonly number[]) => {
      try {
        const outcome = await undoThese(ids);
        ledger.forget(new Set(ids));
        whenAlive(() => setTogether((before) => without(before, ids)));
        latest.current.say(outcome);
        whenAlive(() => latest.current.told.onRestored(ids));
      } catch (error) {
        fail(error, ids.length, () => void undo(ids));
      }
      refreshAll();
    },
    [whenAlive, fail],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: one for the page's life.
  const ledger: Ledger = useMemo(
    () =>
      new Ledger({
        send: async (verdict, rows) => {
          const outcome = await decideThese(
            verdict,
            rows.map((row) => row.id),
          );
          latest.current.say(outcome, verdict === "undo" ? undefined : () => void undo(outcome.ids));
          refresh(rows.map((row) => ({ kind: row.kind, id: row.media_id })));
          const done = new Set(outcome.ids);
          return verdict === "reject" && outcome.failed.length > 0
            ? rows.map((row) => row.id).filter((id) => !done.has(id))
            : [];
        },
        onChange: () => whenAlive(changed),
        onFailed: (verdict, rows, error) =>
          fail(error, rows.length, () => {
            setFailure(undefined);
            ledger.decide(verdict, rows);
          }),
      }),
    [],
  );

  const isBusy = ledger.busy;
  const wasBusy = useRef(false);
  useEffect(() => {
    if (wasBusy.current && !isBusy) latest.current.told.onSettled();
    wasBusy.current = isBusy;
  }, [isBusy]);

  // A list of what was decided is asked for while that is still on its way.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another state is another list.
  useEffect(() => {
    if (ledger.busy) void ledger.flush().then(() => whenAlive(() => latest.current.told.onStale()));
  }, [state, ledger, whenAlive]);

  // Whoever leaves has decided all the same.
  useEffect(() => {
    alive.current = true;
    const flush = () => {
      if (document.visibilityState === "hidden") void ledger.flush();
    };
    document.addEventListener("visibilitychange", flush);
    window.addEventListener("pagehide", flush);
    return () => {
      alive.current = false;
      document.removeEventListener("visibilitychange", flush);
      window.removeEventListener("pagehide", flush);
      void ledger.flush();
    };
  }, [ledger]);

  const all = useCallback(
    async (verdict: "accept" | "reject", where: Where, total: number) => {
      await ledger.flush();
      whenAlive(() => setBulk({ verdict, where, done: 0, total }));
      const { outcome, error } = await decideAll(verdict, where, (count) =>
        whenAlive(() => setBulk((before) => before && { ...before, done: count })),
      );
      if (outcome.count > 0) {
        done.current.push({ ids: outcome.ids });
        latest.current.say(outcome, () => void undo(outcome.ids));
        refreshAll();
      }
      whenAlive(() => {
        setTogether((before) => new Set([...before, ...outcome.ids]));
        setBulk(undefined);
        latest.current.told.onSettled();
        latest.current.told.onStale();
      });
      if (error) {
        const left = Math.max(0, total - outcome.count);
        fail(error, left, () => void all(verdict, where, left));
      }
    },
    [ledger, undo, whenAlive, fail],
  );

  return {
    decide: useCallback(
      (verdict, rows) => {
        setFailure(undefined);
        done.current.push({ act: true });
        ledger.decide(verdict, rows);
      },
      [ledger],
    ),
    decideAll: useCallback((verdict, where, total) => void all(verdict, where, total), [all]),
    undoLast: useCallback(() => {
      const last = done.current.pop();
      if (!last) return;
      if ("ids" in last) {
        void undo(last.ids);
        return;
      }
      const taken = ledger.takeLast();
      if (!taken) return;
      if ("dropped" in taken) latest.current.announce("inbox.said.dropped", { count: taken.dropped.rows.length });
      else
        void taken.undo.then((act) => {
          // What was taken back already waits again: that is what it was before.
          if (act.verdict !== "undo") void undo(act.rows.map((row) => row.id));
        });
    }, [ledger, undo]),
    // biome-ignore lint/correctness/useExhaustiveDependencies: `version` says that the ledger is another.
    hidden: useMemo(() => {
      const hidden = ledger.hidden(state);
      if (state === "pending") for (const id of together) hidden.add(id);
      return hidden;
    }, [ledger, version, state, together]),
    since: useCallback((asked_ms) => ledger.since(asked_ms, state), [ledger, state]),
    bulk,
    isBusy,
    failure,
    forgive: useCallback(() => setFailure(undefined), []),
    version,
  };
}

function without(ids: ReadonlySet<number>, gone: readonly number[]): ReadonlySet<number> {
  const left = new Set(ids);
  for (const id of gone) left.delete(id);
  return left;
}

function asError(error: unknown): OperationError {
  if (error instanceof OperationError) return error;
  return new OperationError("unexpected", "", error instanceof Error ? error.message : String(error));
}
