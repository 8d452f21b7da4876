import { useCallback, useEffect, useRef, useState } from "react";
import { type Arguments, call, OperationError, type Output } from "../../operations.ts";

type Paged = "people.list" | "people.groups";

export interface Pages<Name extends Paged> {
  /** In order; undefined until the first is there. */
  pages: readonly Output<Name>[] | undefined;
  error: OperationError | undefined;
  loading: boolean;
  hasMore: boolean;
  more(): void;
  /** Ask anew for as much as is shown. */
  reload(): void;
}

/** A list page by page. It begins anew when `args` change. */
export function usePaged<Name extends Paged>(name: Name, args: Arguments<Name>): Pages<Name> {
  const key = JSON.stringify(args);
  const [state, setState] = useState<{ key: string; pages?: readonly Output<Name>[]; error?: OperationError }>({ key });
  const [wish, setWish] = useState({ turn: 0, count: 1 });
  const [loading, setLoading] = useState(true);
  const latest = useRef({ args, state });
  latest.current = { args, state };

  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the arguments.
  useEffect(() => setWish({ turn: 0, count: 1 }), [key]);
  useEffect(() => {
    const controller = new AbortController();
    const load = async () => {
      const { args, state } = latest.current;
      // What is asked for more of is kept; what is asked for anew replaces it in one go.
      const isMore = state.key === key && wish.count === (state.pages?.length ?? 0) + 1;
      let pages: readonly Output<Name>[] = isMore ? (state.pages ?? []) : [];
      try {
        while (pages.length < wish.count) {
          const after = pages[pages.length - 1]?.next ?? "";
          if (pages.length > 0 && !after) break;
          const page = await call(name, { ...args, ...(after && { after }) } as Arguments<Name>, controller.signal);
          pages = [...pages, page];
        }
        setState({ key, pages });
      } catch (error) {
        if (controller.signal.aborted) return;
        const failure = error instanceof OperationError ? error : new OperationError("unexpected", name, String(error));
        setState((before) => ({ key, error: failure, ...(before.key === key && { pages: before.pages }) }));
      }
      if (!controller.signal.aborted) setLoading(false);
    };
    setLoading(true);
    void load();
    return () => controller.abort();
  }, [name, key, wish]);

  const more = useCallback(() => setWish(({ turn, count }) => ({ turn, count: count + 1 })), []);
  const reload = useCallback(() => setWish(({ turn, count }) => ({ turn: turn + 1, count })), []);
  const isCurrent = state.key === key;
  const pages = isCurrent ? state.pages : undefined;
  const last = pages?.[pages.length - 1];
  return { pages, error: isCurrent ? state.error : undefined, loading, hasMore: !!last?.next, more, reload };
}
