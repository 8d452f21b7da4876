import { useCallback, useState } from "react";

export interface Selection {
  ids: ReadonlySet<string>;
  change(id: string, selected: boolean, shiftKey: boolean): void;
  all(): void;
  none(): void;
}

/** What is selected. It outlives turning the page; with the shift key everything in between comes along. */
export function useSelection(shown: readonly { id: string }[]): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const [last, setLast] = useState<string>();
  const change = useCallback(
    (id: string, selected: boolean, shiftKey: boolean) => {
      setLast(id);
      setIds((before) => {
        const next = new Set(before);
        const [from, to] = [last, id].map((one) => shown.findIndex((item) => item.id === one)) as [number, number];
        const between = shiftKey && from >= 0 ? shown.slice(Math.min(from, to), Math.max(from, to) + 1) : [{ id }];
        for (const item of between) selected ? next.add(item.id) : next.delete(item.id);
        return next;
      });
    },
    [last, shown],
  );
  const all = useCallback(() => setIds((before) => new Set([...before, ...shown.map((item) => item.id)])), [shown]);
  const none = useCallback(() => setIds(new Set()), []);
  return { ids, change, all, none };
}
