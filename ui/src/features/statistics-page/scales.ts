/** From values to places in a plot. Pure. */

const STEPS = [1, 2, 5, 10];

/** Round values from 0 that reach `most` at least, about `count` steps apart. [0, 1] where there is nothing. */
export function ticks(most: number, count = 4): number[] {
  if (!(most > 0) || !Number.isFinite(most)) return [0, 1];
  const rough = most / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (STEPS.find((one) => one * power >= rough * (1 - 1e-9)) ?? 10) * power;
  const steps = Math.ceil(most / step - 1e-9);
  return Array.from({ length: steps + 1 }, (_, n) => Number((n * step).toPrecision(12)));
}

export interface Bar {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A bar for each value over a width and height, pixels from the top left, with a gap between two where there is room. */
export function bars(values: readonly number[], top: number, width: number, height: number): Bar[] {
  const room = values.length > 0 ? width / values.length : 0;
  const gap = Math.min(4, room * 0.25);
  return values.map((value, n) => {
    const share = top > 0 && value > 0 ? Math.min(value / top, 1) : 0;
    // However little it was, it was something.
    const tall = share > 0 ? Math.max(share * height, 1) : 0;
    return { x: n * room + gap / 2, y: height - tall, width: Math.max(room - gap, 0.5), height: tall };
  });
}

/** The places of a row of moments at which another month begins, at least `room_px` apart. */
export function months(starts_s: readonly number[], width: number, room_px: number): number[] {
  const found: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  let before = -1;
  starts_s.forEach((start_s, n) => {
    const month = new Date(start_s * 1000).getMonth();
    const x = (n * width) / starts_s.length;
    if (month !== before && x - last >= room_px && x + room_px * 0.6 <= width) {
      found.push(n);
      last = x;
    }
    before = month;
  });
  return found;
}

/** How dark a cell is, 0 to 1: by the root, so that little is told from nothing. */
export function shade(value: number, most: number): number {
  return most > 0 && value > 0 ? Math.sqrt(Math.min(value / most, 1)) : 0;
}
