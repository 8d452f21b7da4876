import { useLayoutEffect, useState } from "react";

/** An element's inner width, pixels, as it changes; 0 until it is known. Give what is returned first as its `ref`. */
export function useWidth<Kind extends HTMLElement>(): [(element: Kind | null) => void, number] {
  const [element, setElement] = useState<Kind | null>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    if (!element) return;
    const measure = () => setWidth(element.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return [setElement, width];
}
