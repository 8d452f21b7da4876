import { useCallback, useEffect, useRef, useState } from "react";
import { pluginApi } from "../../host/pluginApi.ts";
import { refresh } from "../../host/refresh.ts";
import { call, OperationError } from "../../operations.ts";
import type { Decision, Suggestion } from "../../schemas/suggestions.ts";
import { sentence } from "../../shared/Problem.tsx";
import { useUndoToast } from "../../shared/useUndoToast.tsx";
import { type Text, useText } from "../../text/text.ts";
import { type Batch, DecisionQueue, type Verb } from "./decisionQueue.ts";
import { nameOf } from "./naming.ts";

const BECOMES: Record<Verb, Decision> = { accept: "accepted", reject: "rejected", undo: "pending" };

export interface Decisions {
  /** As the plugin knows them, with what was decided here since. */
  suggestions: readonly Suggestion[];
  /** Ids whose decision is on its way. */
  busy: ReadonlySet<number>;
  decide(verb: Verb, ids: readonly number[]): void;
}

/**
 * Decisions on a scene's suggestions: shown at once, sent one call after the other, and finished even if the owner
 * leaves the scene meanwhile. `reload` is called when the plugin knows more than `known`.
 */
export function useDecisions(scene_id: number, known: readonly Suggestion[], reload: () => void): Decisions {
  const [decided, setDecided] = useState<ReadonlyMap<number, Decision>>(new Map());
  const toast = pluginApi().hooks.useToast();
  const undoToast = useUndoToast();
  const text = useText();
  const latest = useRef({ known, reload, toast, undoToast, text });
  latest.current = { known, reload, toast, undoToast, text };
  const isMounted = useRef(true);
  useEffect(() => {
    isMounted.current = true;
    return () => {
      isMounted.current = false;
    };
  }, []);

  const [queue] = useState(() => {
    const made: DecisionQueue = new DecisionQueue(
      (batch) => send(batch),
      () => {
        refresh([{ kind: "scene", id: scene_id }]);
        if (isMounted.current) latest.current.reload();
      },
    );
    const send = async (batch: Batch) => {
      const { toast, undoToast, text, known } = latest.current;
      const first = known.find((one) => one.id === batch.ids[0]);
      const name = first ? nameOf(text, first) : "";
      try {
        const { failed, left } = await ask(batch);
        if (failed.length > 0) toast.error(text.t("tab.decided.failed", { why: failed.join("; ") }));
        else if (left > 0) toast.success(text.t("tab.decided.left", { count: left }));
        else if (batch.verb !== "undo") {
          undoToast(said(text, batch, name), () => {
            mark("undo", batch.ids);
            made.add("undo", batch.ids);
          });
        } else toast.success(said(text, batch, name));
      } catch (error) {
        toast.error(error instanceof OperationError ? sentence(text, error) : String(error));
        if (isMounted.current) setDecided((before) => without(before, batch.ids));
      }
    };
    const mark = (verb: Verb, ids: readonly number[]) => {
      if (isMounted.current)
        setDecided((before) => new Map([...before, ...ids.map((id) => [id, BECOMES[verb]] as const)]));
    };
    return { made, mark };
  });

  // What the plugin says replaces what was shown meanwhile, once nothing is on its way.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new answer is the event.
  useEffect(() => {
    if (queue.made.isIdle) setDecided((before) => (before.size > 0 ? new Map() : before));
  }, [known]);

  const decide = useCallback(
    (verb: Verb, ids: readonly number[]) => {
      queue.mark(verb, ids);
      queue.made.add(verb, ids);
    },
    [queue],
  );

  const suggestions = known.map((one) => {
    const state = decided.get(one.id);
    return state === undefined || state === one.state || (state === "accepted" && one.state === "applied")
      ? one
      : { ...one, state, decided_by: state === "pending" ? "" : "owner" };
  });
  return { suggestions, busy: new Set(decided.keys()), decide };
}

/** failed: sentences. left: how many things stay in Stash because their owner has changed them since. */
async function ask({ verb, ids }: Batch): Promise<{ failed: string[]; left: number }> {
  const given = { ids: [...ids] };
  if (verb === "accept") return outcome((await call("suggestions.accept", given)).written);
  return outcome(await call(`suggestions.${verb}`, given));
}

function outcome(answer: unknown): { failed: string[]; left: number } {
  const { failed, left } = (answer ?? {}) as { failed?: unknown; left?: unknown };
  return {
    failed: Array.isArray(failed) ? failed.map(String) : [],
    left: typeof left === "number" ? left : 0,
  };
}

function said(text: Text, { verb, ids }: Batch, name: string): string {
  return text.t(`tab.decided.${verb}`, { count: ids.length, name });
}

function without<Value>(map: ReadonlyMap<number, Value>, ids: readonly number[]): ReadonlyMap<number, Value> {
  return new Map([...map].filter(([id]) => !ids.includes(id)));
}
