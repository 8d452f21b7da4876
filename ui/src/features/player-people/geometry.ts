/** Boxes of faces as shares of a picture, and where that picture lies in the player. Pure. */
import type { Box } from "../../schemas/people.ts";

export interface Size {
  width: number;
  height: number;
}
/** Pixels. */
export interface Rect extends Size {
  left: number;
  top: number;
}

/** Where the picture of a video lies in its element: with bars beside it unless it has the same shape (CSS object-fit). */
export function pictureIn(element: Size, video: Size, fit = "contain"): Rect {
  if (fit === "fill" || video.width <= 0 || video.height <= 0) return { left: 0, top: 0, ...element };
  const scales = [element.width / video.width, element.height / video.height] as const;
  const scale = fit === "cover" ? Math.max(...scales) : fit === "none" ? 1 : Math.min(...scales);
  const [width, height] = [video.width * scale, video.height * scale];
  return { left: (element.width - width) / 2, top: (element.height - height) / 2, width, height };
}

/** A box of the picture in pixels of the element. */
export function toPixels([left, top, width, height]: Box, picture: Rect): Rect {
  return {
    left: picture.left + left * picture.width,
    top: picture.top + top * picture.height,
    width: width * picture.width,
    height: height * picture.height,
  };
}

/** A point of the element as shares of the picture; what lies beside it is at its edge. */
export function toShares(x: number, y: number, picture: Rect): readonly [number, number] {
  return [clamp((x - picture.left) / picture.width, 0, 1), clamp((y - picture.top) / picture.height, 0, 1)];
}

/** The box between two points, at least `least` wide and high, within the picture. */
export function between(a: readonly [number, number], b: readonly [number, number], least = LEAST): Box {
  const width = clamp(Math.abs(a[0] - b[0]), least, 1);
  const height = clamp(Math.abs(a[1] - b[1]), least, 1);
  return within([Math.min(a[0], b[0]), Math.min(a[1], b[1]), width, height]);
}

/** As a share of the picture. */
export const LEAST = 0.02;

export function moved([left, top, width, height]: Box, dx: number, dy: number): Box {
  return within([left + dx, top + dy, width, height]);
}

/** Larger or smaller about its middle. */
export function resized([left, top, width, height]: Box, dw: number, dh: number): Box {
  const [w, h] = [clamp(width + dw, LEAST, 1), clamp(height + dh, LEAST, 1)];
  return within([left - (w - width) / 2, top - (h - height) / 2, w, h]);
}

/** With so much more on each side, as a share of the box, as far as the picture goes. */
export function padded([left, top, width, height]: Box, share: number): Box {
  const [l, t] = [Math.max(0, left - width * share), Math.max(0, top - height * share)];
  const right = Math.min(1, left + width * (1 + share));
  const bottom = Math.min(1, top + height * (1 + share));
  return [l, t, right - l, bottom - t];
}

/** Moved as little as needed to lie in the picture. */
function within([left, top, width, height]: Box): Box {
  return [clamp(left, 0, 1 - width), clamp(top, 0, 1 - height), width, height];
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), Math.max(low, high));
}

/** Intersection over union, 0 to 1. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const common = width * height;
  return common / (a[2] * a[3] + b[2] * b[3] - common);
}
