import { useEffect, useState } from "react";

/** Whether the window is narrower than so many pixels. */
export function useNarrow(width_px: number): boolean {
  const query = `(max-width: ${width_px - 0.02}px)`;
  const [isNarrow, setIsNarrow] = useState(() => window.matchMedia(query).matches);
  useEffect(() => {
    const media = window.matchMedia(query);
    const look = () => setIsNarrow(media.matches);
    look();
    media.addEventListener("change", look);
    return () => media.removeEventListener("change", look);
  }, [query]);
  return isNarrow;
}
