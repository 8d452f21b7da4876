import React, { memo, useLayoutEffect, useRef } from "react";
import { duration } from "../../shared/reason.ts";
import { useText } from "../../text/text.ts";
import { barsOf, paint } from "./bars.ts";
import type { Lane } from "./lanes.ts";
import type { View } from "./view.ts";

export const LANE_PX = 16;

interface Props {
  id: string;
  lane: Lane;
  view: View;
  /** Of the track, pixels. */
  width: number;
  range: readonly [number, number];
  isActive: boolean;
  /** The span that the keyboard is at, -1 for none. */
  span: number;
}

/** A tag and where it was seen. Its spans are drawn, for there may be hundreds. */
export const LaneRow = memo(function LaneRow({ id, lane, view, width, range, isActive, span }: Props) {
  const text = useText();
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    if (canvas.current && width > 0)
      paint(canvas.current, barsOf(lane.spans, view, width, range, span), width, LANE_PX);
  }, [lane, view, width, range, span]);
  const seen = duration(text, lane.seconds);
  const standing = text.t(`tab.lane.${lane.standing}`);
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus, and names its active option.
    <div
      id={id}
      role="option"
      aria-selected={isActive}
      className={`sense-lane sense-${lane.standing}${isActive ? " sense-active" : ""}`}
      data-label={lane.label}
    >
      <div className="sense-lane-label" title={`${lane.label} (${standing})`}>
        <span className="sense-lane-name">{lane.label}</span>
        <span className="text-muted">{seen}</span>
        <span className="sense-visually-hidden">
          {text.t("tab.lane.moments", { moments: lane.spans.length, standing })}
        </span>
      </div>
      <div className="sense-lane-track">
        <canvas ref={canvas} style={{ width, height: LANE_PX }} />
      </div>
    </div>
  );
});
