import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from "react";
import { useSize } from "./useSize.ts";
import { scrollFor, type Window, windowAt } from "./windowed.ts";

const AROUND = 5;

export interface Windowed extends Window {
  /** Of the list, pixels. */
  total_px: number;
  /** Bring a row into sight. */
  show(index: number): void;
}

/** The window of a list of rows of one height, in a pane that scrolls by itself. It follows the scrolling. */
export function useWindow(pane: RefObject<HTMLElement>, count: number, columns: number, row_px: number): Windowed {
  const { height } = useSize(pane);
  const shape = { count, columns, row_px, height_px: height, around: AROUND };
  const latest = useRef(shape);
  latest.current = shape;
  const [scroll_px, setScroll] = useState(0);
  const now = windowAt(scroll_px, shape);
  const shown = useRef(now);
  shown.current = now;

  useLayoutEffect(() => {
    const own = pane.current;
    if (!own) return;
    const follow = () => {
      const next = windowAt(own.scrollTop, latest.current);
      // Only what changes the window is worth a render.
      if (next.first !== shown.current.first || next.last !== shown.current.last) setScroll(own.scrollTop);
    };
    follow();
    own.addEventListener("scroll", follow, { passive: true });
    return () => own.removeEventListener("scroll", follow);
  }, [pane]);

  return {
    ...now,
    total_px: Math.ceil(count / columns) * row_px,
    show: useCallback(
      (index) => {
        const to = pane.current && scrollFor(index, pane.current.scrollTop, latest.current);
        if (pane.current && to !== null && to !== undefined) pane.current.scrollTop = to;
      },
      [pane],
    ),
  };
}
