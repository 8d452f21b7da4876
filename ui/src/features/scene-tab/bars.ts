/** A lane's spans as bars on a canvas. Pure but for paint(). */
import type { Span } from "../../schemas/analysis.ts";
import { type View, xOf } from "./view.ts";

/** Pixels. fade: over how much its end is unsure. strength: 0 to 1. */
export interface Bar {
  left: number;
  right: number;
  fadeLeft: number;
  fadeRight: number;
  strength: number;
  isActive: boolean;
}

type Drawn = Pick<Span, "start_s" | "end_s" | "score" | "start_uncertainty_s" | "end_uncertainty_s">;

const LEAST_PX = 2;
const WEAKEST = 0.35;

/** The bars in view. range: scores of all that is compared; active: the span that is pointed out, or -1. */
export function barsOf(
  spans: readonly Drawn[],
  view: View,
  width: number,
  range: readonly [number, number],
  active = -1,
): Bar[] {
  const perSecond = width / (view.to_s - view.from_s);
  const bars: Bar[] = [];
  for (const [n, span] of spans.entries()) {
    const start_s = span.start_s - span.start_uncertainty_s;
    const end_s = span.end_s + span.end_uncertainty_s;
    if (end_s < view.from_s || start_s > view.to_s) continue;
    const left = xOf(start_s, view, width);
    const right = Math.max(xOf(end_s, view, width), left + LEAST_PX);
    const half = (right - left) / 2;
    bars.push({
      left,
      right,
      fadeLeft: Math.min(2 * span.start_uncertainty_s * perSecond, half),
      fadeRight: Math.min(2 * span.end_uncertainty_s * perSecond, half),
      strength: strength(span.score, range),
      isActive: n === active,
    });
  }
  return bars;
}

/** How strongly a score is drawn among others: the weakest is still seen. */
export function strength(score: number, [low, high]: readonly [number, number]): number {
  return high > low ? WEAKEST + (1 - WEAKEST) * Math.min(Math.max((score - low) / (high - low), 0), 1) : 1;
}

/** How bars are filled, for what colours alone would tell apart. */
export type Fill = "solid" | "hatched" | "hollow";

const HATCH_PX = 5;

/** Draw on a canvas that is `width` by `height` CSS pixels, in the colour that its style gives. */
export function paint(
  canvas: HTMLCanvasElement,
  bars: readonly Bar[],
  width: number,
  height: number,
  fill: Fill = "solid",
): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const sharpness = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * sharpness);
  canvas.height = Math.round(height * sharpness);
  context.scale(sharpness, sharpness);
  const colour = getComputedStyle(canvas).color;
  const faded = transparent(colour);
  const inset = 1;
  for (const bar of bars) {
    context.globalAlpha = bar.strength;
    context.fillStyle = bar.fadeLeft + bar.fadeRight > 1 ? gradient(context, bar, colour, faded) : colour;
    const place = [bar.left, inset, bar.right - bar.left, height - 2 * inset] as const;
    if (fill === "solid") context.fillRect(...place);
    else if (fill === "hatched") hatch(context, place, colour);
    else outline(context, place, colour);
  }
  const active = bars.find((bar) => bar.isActive);
  if (active) {
    context.globalAlpha = 1;
    context.strokeStyle = canvas.parentElement ? getComputedStyle(canvas.parentElement).color : colour;
    context.lineWidth = 2;
    context.strokeRect(active.left, 1, active.right - active.left, height - 2);
  }
}

type Place = readonly [left: number, top: number, width: number, height: number];

function hatch(context: CanvasRenderingContext2D, place: Place, colour: string): void {
  const [left, top, width, height] = place;
  context.save();
  context.beginPath();
  context.rect(...place);
  context.clip();
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.beginPath();
  for (let x = left - height; x < left + width; x += HATCH_PX) {
    context.moveTo(x, top + height);
    context.lineTo(x + height, top);
  }
  context.stroke();
  context.restore();
  outline(context, place, colour);
}

function outline(context: CanvasRenderingContext2D, [left, top, width, height]: Place, colour: string): void {
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, Math.max(width - 1, 1), height - 1);
}

function gradient(context: CanvasRenderingContext2D, bar: Bar, colour: string, faded: string): CanvasGradient {
  const width = bar.right - bar.left;
  const fill = context.createLinearGradient(bar.left, 0, bar.right, 0);
  fill.addColorStop(0, bar.fadeLeft > 0 ? faded : colour);
  fill.addColorStop(Math.min(bar.fadeLeft / width, 1), colour);
  fill.addColorStop(Math.max(1 - bar.fadeRight / width, 0), colour);
  fill.addColorStop(1, bar.fadeRight > 0 ? faded : colour);
  return fill;
}

/** "rgb(1, 2, 3)" -> "rgba(1, 2, 3, 0)": the same colour, for black would shine through a gradient to "transparent". */
export function transparent(colour: string): string {
  const [red, green, blue] = colour.match(/[\d.]+/g) ?? [];
  return blue === undefined ? "transparent" : `rgba(${red}, ${green}, ${blue}, 0)`;
}
