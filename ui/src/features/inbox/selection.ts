/** Which rows are ticked: some by their ids, or all that the filters mean, loaded or not. Pure. */

export interface Selection {
  /** "all": everything that the list means; `ids` is empty then. */
  mode: "ids" | "all";
  ids: ReadonlySet<number>;
  /** The last one that was ticked by itself: where a range begins. */
  anchor: number | undefined;
}

export const NONE: Selection = { mode: "ids", ids: new Set(), anchor: undefined };
export const EVERYTHING: Selection = { mode: "all", ids: new Set(), anchor: undefined };

export function everyOne(ids: readonly number[]): Selection {
  return { mode: "ids", ids: new Set(ids), anchor: undefined };
}

/** ids: all rows that are shown, in order. */
export function toggle(selection: Selection, id: number, ids: readonly number[]): Selection {
  // One of all is taken out: what stays is what the owner sees, never more.
  const chosen = new Set(selection.mode === "all" ? ids : selection.ids);
  if (chosen.has(id)) chosen.delete(id);
  else chosen.add(id);
  return { mode: "ids", ids: chosen, anchor: id };
}

/** From the last one that was ticked to this one: all become as that one is. */
export function extend(selection: Selection, id: number, ids: readonly number[]): Selection {
  const from = selection.anchor === undefined ? -1 : ids.indexOf(selection.anchor);
  const to = ids.indexOf(id);
  if (selection.mode === "all" || from < 0 || to < 0) return toggle(selection, id, ids);
  const chosen = new Set(selection.ids);
  const on = selection.anchor !== undefined && chosen.has(selection.anchor);
  for (const one of ids.slice(Math.min(from, to), Math.max(from, to) + 1)) {
    if (on) chosen.add(one);
    else chosen.delete(one);
  }
  return { mode: "ids", ids: chosen, anchor: selection.anchor };
}

export function has(selection: Selection, id: number): boolean {
  return selection.mode === "all" || selection.ids.has(id);
}

/** total: how many the list means. */
export function countOf(selection: Selection, total: number): number {
  return selection.mode === "all" ? total : selection.ids.size;
}

/** Without those that are not shown any more. The same object where nothing changes. */
export function kept(selection: Selection, ids: ReadonlySet<number>): Selection {
  const left = [...selection.ids].filter((id) => ids.has(id));
  return left.length === selection.ids.size ? selection : { ...selection, ids: new Set(left) };
}
