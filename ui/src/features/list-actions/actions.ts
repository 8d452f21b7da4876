/** What can be done to the selected scenes. */
import { refresh } from "../../host/refresh.ts";
import { call } from "../../operations.ts";
import { mediaStates } from "../../shared/useMediaState.ts";
import type { TextKey, Values } from "../../text/text.ts";

/** What came of it, as words. */
export interface Done {
  key: TextKey;
  values: Values;
}

export interface Action {
  id: string;
  /** In the menu. */
  label: TextKey;
  /** The question, with {count}. */
  question: TextKey;
  /** What the button of the question says. */
  yes: TextKey;
  danger?: boolean;
  run(ids: number[]): Promise<Done>;
}

/** More than this many are asked about first. */
export const WITHOUT_ASKING = 20;

/** As many as are undone in one process. */
const UNDONE_AT_ONCE = 200;

export const ACTIONS: readonly Action[] = [
  {
    id: "analyse",
    label: "list.analyse",
    question: "list.analyse.question",
    yes: "list.analyse.yes",
    run: (ids) => enqueue(ids, {}, "list.queued"),
  },
  {
    id: "fresh",
    label: "list.fresh",
    question: "list.fresh.question",
    yes: "list.fresh.yes",
    run: (ids) => enqueue(ids, { fresh: true }, "list.queued"),
  },
  {
    id: "retag",
    label: "list.retag",
    question: "list.retag.question",
    yes: "list.retag.yes",
    run: (ids) => enqueue(ids, { which: "stored" }, "list.queued_stored"),
  },
  {
    id: "undo",
    label: "list.undo",
    question: "list.undo.question",
    yes: "action.undo",
    danger: true,
    run: undo,
  },
];

async function enqueue(
  ids: number[],
  options: { fresh?: boolean; which?: "stored" },
  key: "list.queued" | "list.queued_stored",
): Promise<Done> {
  await call("queue.add", { ids: { scene: ids }, ...options });
  // Of those that are judged anew only what was analysed before will wait.
  const media = ids.map((id) => ({ kind: "scene" as const, id }));
  mediaStates.expect(options.which ? media.filter((one) => mediaStates.get("scene", one.id).state) : media);
  return { key, values: { count: ids.length } };
}

async function undo(ids: number[]): Promise<Done> {
  const total = { taken_back: 0, left: 0, failed: 0 };
  for (let first = 0; first < ids.length; first += UNDONE_AT_ONCE) {
    const part = ids.slice(first, first + UNDONE_AT_ONCE);
    try {
      const undone = await call("media.undo", { kind: "scene", ids: part });
      total.taken_back += undone.taken_back;
      total.left += undone.left;
      total.failed += undone.failed.length;
    } finally {
      refresh(part.map((id) => ({ kind: "scene", id })));
    }
  }
  return { key: total.failed > 0 ? "list.undone_partly" : "list.undone", values: { ...total, count: ids.length } };
}
