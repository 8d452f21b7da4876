import { useCallback, useRef, useState } from "react";
import { pluginApi } from "../../host/pluginApi.ts";
import { call, OperationError } from "../../operations.ts";
import type { Item, Verdict } from "../../schemas/recommend.ts";
import { useText } from "../../text/text.ts";
import { sentence } from "../Problem.tsx";
import { useUndoToast } from "../useUndoToast.tsx";

/** What was said since the page was loaded: an answer from before does not know it. */
const given = new Map<number, Verdict>();

/** It was taken back elsewhere. */
export function forget(scene_id: number): void {
  given.set(scene_id, "none");
}

export interface Feedback {
  of(item: Item): Verdict;
  /** Say it, and show it at once. What takes a scene out of the list is told with the way back. */
  give(item: Item, verdict: Verdict, said?: string): void;
}

/** What the owner says of scenes that were recommended. */
export function useFeedback(): Feedback {
  const text = useText();
  const toast = pluginApi().hooks.useToast();
  const undoToast = useUndoToast();
  const [verdicts, setVerdicts] = useState<ReadonlyMap<number, Verdict>>(given);
  const latest = useRef({ verdicts, text, toast, undoToast });
  latest.current = { verdicts, text, toast, undoToast };

  const of = useCallback((item: Item) => verdicts.get(item.scene_id) ?? item.why.history.feedback, [verdicts]);
  const set = useCallback(async (item: Item, verdict: Verdict) => {
    const before = latest.current.verdicts.get(item.scene_id) ?? item.why.history.feedback;
    const show = (one: Verdict) => {
      given.set(item.scene_id, one);
      setVerdicts(new Map(given));
    };
    show(verdict);
    try {
      await call("recommend.feedback", { scene_id: item.scene_id, verdict });
      return before;
    } catch (error) {
      show(before);
      const { text, toast } = latest.current;
      toast.error(error instanceof OperationError ? sentence(text, error) : String(error));
      return undefined;
    }
  }, []);
  const give = useCallback(
    (item: Item, verdict: Verdict, said?: string) => {
      void set(item, verdict).then((before) => {
        if (before !== undefined && said) latest.current.undoToast(said, () => void set(item, before));
      });
    },
    [set],
  );
  return { of, give };
}
