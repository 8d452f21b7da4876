import { type RefObject, useLayoutEffect, useRef, useState } from "react";

const MARGINS_PX = 10;
const PHONE_PX = 576;

/** Cards as wide as fits the row, near the preferred width; undefined on phones, where a card takes the whole row. */
export function useCardWidth<E extends HTMLElement>(preferred_px: number): [RefObject<E>, number | undefined] {
  const row = useRef<E>(null);
  const [available, setAvailable] = useState(0);
  useLayoutEffect(() => {
    const element = row.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => entry && setAvailable(entry.contentRect.width));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  if (!available || window.innerWidth <= PHONE_PX) return [row, undefined];
  const columns = Math.max(1, Math.ceil(available / (preferred_px + MARGINS_PX)));
  return [row, Math.floor(available / columns) - MARGINS_PX];
}
