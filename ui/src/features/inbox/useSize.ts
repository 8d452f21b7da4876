import { type RefObject, useLayoutEffect, useState } from "react";

/** Inner size of an element as it changes, pixels; 0 before it is known. */
export function useSize(element: RefObject<HTMLElement>): { width: number; height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const own = element.current;
    if (!own) return;
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = own;
      setSize((before) => (before.width === width && before.height === height ? before : { width, height }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(own);
    return () => observer.disconnect();
  }, [element]);
  return size;
}

/** Heigh of what is left of the window below the element's top, for panes that scroll by themselves. */
export function useFill(element: RefObject<HTMLElement>, least_px: number): number {
  const [height, setHeight] = useState(least_px);
  useLayoutEffect(() => {
    const measure = () => {
      const own = element.current;
      if (!own) return;
      const top = own.getBoundingClientRect().top + window.scrollY;
      const below = Number.parseFloat(getComputedStyle(document.body).paddingBottom) || 0;
      setHeight(Math.max(least_px, Math.floor(window.innerHeight - top - below)));
    };
    measure();
    // What stands above may grow: a notice, filters that wrap.
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    window.addEventListener("resize", measure);
    return () => {
      observer.disconnect();
      window.removeEventListener("resize", measure);
    };
  }, [element, least_px]);
  return height;
}

/** Whether the window is as narrow as a phone's. */
export function useNarrow(): boolean {
  const [query] = useState(() => window.matchMedia("(max-width: 767.98px)"));
  const [isNarrow, setNarrow] = useState(query.matches);
  useLayoutEffect(() => {
    const look = () => setNarrow(query.matches);
    query.addEventListener("change", look);
    return () => query.removeEventListener("change", look);
  }, [query]);
  return isNarrow;
}
