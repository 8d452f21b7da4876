import { useEffect, useState } from "react";

/** Whether an element was ever on screen: what it shows need not be asked for before. Give it what is returned first as `ref`. */
export function useSeen<Kind extends Element>(): [(element: Kind | null) => void, boolean] {
  const [element, setElement] = useState<Kind | null>(null);
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    if (!element || isSeen) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && setSeen(true));
    observer.observe(element);
    return () => observer.disconnect();
  }, [element, isSeen]);
  return [setElement, isSeen];
}
