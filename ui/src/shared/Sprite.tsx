import React, { type CSSProperties } from "react";
import { useCues } from "./useCues.ts";
import { cueAt } from "./vtt.ts";

interface Props {
  /** scene.paths.vtt; null where Stash has none. */
  vtt: string | null | undefined;
  at_s: number;
  /** Of what is shown, pixels. The height follows from the picture. */
  width: number;
  className?: string;
}

/** The picture of a scene's moment from Stash's sprite sheet. Nothing at all where there is no sheet. */
export function Sprite({ vtt, at_s, width, className = "" }: Props) {
  const cues = useCues(vtt);
  const cue = cues && cueAt(cues, at_s);
  if (!cue) return null;
  const scale = width / cue.width;
  const box: CSSProperties = { width, height: Math.round(cue.height * scale) };
  const sheet: CSSProperties = { transform: `scale(${scale}) translate(${-cue.x}px, ${-cue.y}px)` };
  return (
    <span className={`sense-sprite ${className}`} style={box}>
      <img src={cue.url} alt="" style={sheet} draggable={false} />
    </span>
  );
}
