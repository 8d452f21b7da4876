import { useEffect, useState } from "react";

export interface SpriteInfo {
  url: string;
  start: number;
  end: number;
  x: number;
  y: number;
  w: number;
  h: number;
}

const CUE = /(\d+):(\d+):([\d.]+) --> (\d+):(\d+):([\d.]+)\r?\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)/g;

/** The pictures that a scene's WebVTT lists. */
export function parseSprites(text: string, address: string): SpriteInfo[] {
  return [...text.matchAll(CUE)].map((found) => {
    const at = (index: number) => Number(found[index]);
    const seconds = (index: number) => at(index) * 3600 + at(index + 1) * 60 + at(index + 2);
    return {
      url: new URL(found[7] ?? "", address).href,
      start: seconds(1),
      end: seconds(4),
      x: at(8),
      y: at(9),
      w: at(10),
      h: at(11),
    };
  });
}

/** Undefined until the WebVTT is there; and where there is none. */
export function useSpriteInfo(vttPath: string | undefined): SpriteInfo[] | undefined {
  const [sprites, setSprites] = useState<SpriteInfo[]>();
  useEffect(() => {
    const stop = new AbortController();
    setSprites(undefined);
    if (!vttPath) return;
    fetch(vttPath, { signal: stop.signal })
      .then(async (answer) => answer.ok && setSprites(parseSprites(await answer.text(), vttPath)))
      .catch(() => undefined);
    return () => stop.abort();
  }, [vttPath]);
  return sprites;
}
