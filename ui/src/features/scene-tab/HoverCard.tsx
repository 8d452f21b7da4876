import React, { useEffect, useState } from "react";
import { createPortal } from "react-dom";
import type { Span } from "../../schemas/analysis.ts";
import { exactTimecode, range } from "../../shared/format.ts";
import { scoreText } from "../../shared/reason.ts";
import { Sprite } from "../../shared/Sprite.tsx";
import { useText } from "../../text/text.ts";
import type { Lane } from "./lanes.ts";

const WIDTH_PX = 176;

/** A moment that is pointed at. x, y: of the window, the upper middle of what it belongs to. */
export interface Pointed {
  x: number;
  y: number;
  at_s: number;
  lane: Lane;
  span: Span | undefined;
}

/** What is at the moment under the pointer. It renders by itself: `tell` is given the way to change it. */
export function HoverCard({
  vtt,
  model,
  tell,
}: {
  vtt: string | null | undefined;
  model: string;
  tell: (show: ((pointed: Pointed | undefined) => void) | undefined) => void;
}) {
  const text = useText();
  const [pointed, setPointed] = useState<Pointed>();
  useEffect(() => {
    tell(setPointed);
    return () => tell(undefined);
  }, [tell]);
  if (!pointed) return null;
  const { at_s, lane, span } = pointed;
  const left = Math.min(Math.max(pointed.x - WIDTH_PX / 2, 4), Math.max(window.innerWidth - WIDTH_PX - 4, 4));
  return createPortal(
    // At the bottom of the window's upper part: it grows upwards, whatever the picture's height.
    <div
      className="sense-hover popover"
      aria-hidden="true"
      style={{ left, bottom: window.innerHeight - pointed.y + 6 }}
    >
      <Sprite vtt={vtt} at_s={at_s} width={WIDTH_PX - 10} />
      <div className="sense-hover-text">
        <strong>{exactTimecode(at_s)}</strong>
        {span && (
          <>
            <span className="sense-hover-label">{lane.label}</span>
            <span className="text-muted">
              {range(span.start_s, span.end_s)} ·{" "}
              {lane.person ? text.t(`tab.person.${lane.person.recognised}`) : scoreText(text, span.score, model)}
            </span>
          </>
        )}
      </div>
    </div>,
    document.body,
  );
}
