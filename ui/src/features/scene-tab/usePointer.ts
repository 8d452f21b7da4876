import { type RefObject, useEffect, useRef } from "react";
import type { Pointed } from "./HoverCard.tsx";
import { type Lane, nearestSpan } from "./lanes.ts";
import { panned, timeOf, type View, xOf, zoomed } from "./view.ts";

const DRAG_PX = 6;
/** A click this near to a span means it. */
const NEAR_PX = 4;
const WHEEL = 1.0015;

interface Pointing {
  list: RefObject<HTMLElement>;
  lanes: readonly Lane[];
  view: View;
  width: number;
  duration_s: number;
  setView(change: (view: View) => View): void;
  point(pointed: Pointed | undefined): void;
  seek(at_s: number): void;
  choose(lane: string, span: number): void;
}

/**
 * Mouse, touch and wheel on the lanes: pointing shows a moment, a click goes there (on a name, to where its tag is
 * first seen), dragging and scrolling sideways move what is shown, scrolling with Ctrl comes closer.
 */
export function usePointer(pointing: Pointing): void {
  const latest = useRef(pointing);
  latest.current = pointing;

  useEffect(() => {
    const list = pointing.list.current;
    if (!list) return;
    let drag: { id: number; x: number; view: View; moved: boolean } | undefined;
    let frame = 0;
    let wheel: WheelEvent[] = [];

    const rowOf = (target: EventTarget | null) => {
      const row = target instanceof Element ? target.closest<HTMLElement>("[data-lane]") : null;
      const lane = latest.current.lanes.find((one) => one.id === row?.dataset.lane);
      const track = row?.querySelector(".sense-lane-track")?.getBoundingClientRect();
      return lane && track ? { lane, track } : undefined;
    };

    const move = (event: PointerEvent) => {
      const { view, width, duration_s, setView, point } = latest.current;
      if (drag && drag.id === event.pointerId) {
        const by = event.clientX - drag.x;
        if (!drag.moved && Math.abs(by) > DRAG_PX) {
          drag.moved = true;
          list.setPointerCapture(event.pointerId);
          point(undefined);
        }
        const from = drag.view;
        if (drag.moved) setView(() => panned(from, (-by / width) * (from.to_s - from.from_s), duration_s));
        return;
      }
      if (event.pointerType === "touch") return;
      const row = rowOf(event.target);
      if (!row || event.clientX < row.track.left) return point(undefined);
      const at_s = timeOf(event.clientX - row.track.left, view, row.track.width);
      const span = row.lane.spans.find((one) => at_s >= one.start_s && at_s < one.end_s);
      point({ x: event.clientX, y: row.track.top, at_s, lane: row.lane, span });
    };
    const down = (event: PointerEvent) => {
      if (event.button === 0) drag = { id: event.pointerId, x: event.clientX, view: latest.current.view, moved: false };
    };
    const up = (event: PointerEvent) => {
      const moved = drag?.moved;
      drag = undefined;
      if (moved !== false || event.type !== "pointerup") return;
      const row = rowOf(event.target);
      if (!row) return;
      const { view, seek, choose } = latest.current;
      const x = event.clientX - row.track.left;
      const at_s = x < 0 ? 0 : timeOf(x, view, row.track.width);
      const n = x < 0 ? 0 : nearestSpan(row.lane.spans, at_s);
      const span = row.lane.spans[n];
      if (!span) return;
      choose(row.lane.id, n);
      const isNear =
        at_s < span.start_s && xOf(span.start_s, view, row.track.width) - xOf(at_s, view, row.track.width) < NEAR_PX;
      seek(x < 0 || isNear ? span.start_s : at_s);
    };
    const leave = () => latest.current.point(undefined);

    // A wheel may turn more often than there are frames.
    const turn = () => {
      const { view, width, duration_s, setView } = latest.current;
      const turned = wheel;
      wheel = [];
      frame = 0;
      let next = view;
      for (const event of turned) {
        const track = list.querySelector(".sense-lane-track")?.getBoundingClientRect();
        if (!track) return;
        if (event.ctrlKey) {
          const at_s = timeOf(event.clientX - track.left, next, track.width);
          next = zoomed(next, WHEEL ** -event.deltaY, at_s, duration_s);
        } else {
          const by = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
          next = panned(next, (by / width) * (next.to_s - next.from_s), duration_s);
        }
      }
      setView(() => next);
    };
    const onWheel = (event: WheelEvent) => {
      const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
      if (!event.ctrlKey && !isSideways) return;
      event.preventDefault();
      wheel.push(event);
      frame ||= window.requestAnimationFrame(turn);
    };

    list.addEventListener("pointermove", move);
    list.addEventListener("pointerdown", down);
    list.addEventListener("pointerup", up);
    list.addEventListener("pointercancel", up);
    list.addEventListener("pointerleave", leave);
    list.addEventListener("wheel", onWheel, { passive: false });
    return () => {
      window.cancelAnimationFrame(frame);
      list.removeEventListener("pointermove", move);
      list.removeEventListener("pointerdown", down);
      list.removeEventListener("pointerup", up);
      list.removeEventListener("pointercancel", up);
      list.removeEventListener("pointerleave", leave);
      list.removeEventListener("wheel", onWheel);
    };
  }, [pointing.list]);
}
