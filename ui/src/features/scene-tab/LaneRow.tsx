import { faCheck, faQuestion, faUser, faUserCheck } from "@fortawesome/free-solid-svg-icons";
import React, { memo, useLayoutEffect, useRef } from "react";
import { Icon } from "../../shared/Icon.tsx";
import { Face } from "../../shared/people/Face.tsx";
import type { Recognised } from "../../shared/people/seen.ts";
import { duration } from "../../shared/reason.ts";
import { useText } from "../../text/text.ts";
import { barsOf, type Fill, paint } from "./bars.ts";
import type { Lane } from "./lanes.ts";
import type { View } from "./view.ts";

export const LANE_PX = 16;
const FACE_PX = 26;
/** People are not compared by score. */
const ALIKE = [0, 1] as const;

const FILLS: Record<Recognised, Fill> = { confirmed: "solid", match: "solid", maybe: "hatched", unknown: "hollow" };
const SIGNS = { confirmed: faUserCheck, match: faCheck, maybe: faQuestion, unknown: faUser } as const;

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

/** A tag or a person, and where they were seen. The spans are drawn, for there may be hundreds. */
export const LaneRow = memo(function LaneRow({ id, lane, view, width, range, isActive, span }: Props) {
  const text = useText();
  const canvas = useRef<HTMLCanvasElement>(null);
  const { person } = lane;
  useLayoutEffect(() => {
    if (!canvas.current || width <= 0) return;
    const bars = barsOf(lane.spans, view, width, person ? ALIKE : range, span);
    paint(canvas.current, bars, width, LANE_PX, person ? FILLS[person.recognised] : "solid");
  }, [lane, person, view, width, range, span]);
  const seen = duration(text, lane.seconds);
  const standing = text.t(person ? `tab.person.${person.recognised}` : `tab.lane.${lane.standing}`);
  const kind = person ? `sense-person sense-${person.recognised}` : `sense-${lane.standing}`;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus, and names its active option.
    <div
      id={id}
      role="option"
      aria-selected={isActive}
      className={`sense-lane ${kind}${isActive ? " sense-active" : ""}`}
      data-lane={lane.id}
    >
      <div className="sense-lane-label" title={`${lane.label} (${standing}, ${seen})`}>
        {person && <Face id={person.best.id} size_px={FACE_PX} />}
        <span className="sense-lane-name">{lane.label}</span>
        {person && <Icon icon={SIGNS[person.recognised]} className="sense-lane-sign" />}
        <span className={person ? "sense-visually-hidden" : "text-muted"}>{seen}</span>
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
