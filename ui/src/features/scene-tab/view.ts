/** The part of a scene that the timeline shows, and where a moment lies in it. Pure. */

/** [from_s, to_s) of a scene. */
export interface View {
  from_s: number;
  to_s: number;
}

const SHORTEST_S = 2;
const STEPS_S = [0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400];

export function whole(duration_s: number): View {
  return { from_s: 0, to_s: Math.max(duration_s, 0.001) };
}

export function isWhole(view: View, duration_s: number): boolean {
  return view.from_s <= 0 && view.to_s >= duration_s;
}

/** Closer by `factor` (more than 1) or wider; the moment at_s stays where it is. */
export function zoomed(view: View, factor: number, at_s: number, duration_s: number): View {
  const length = view.to_s - view.from_s;
  const wanted = Math.min(Math.max(length / factor, Math.min(SHORTEST_S, duration_s)), duration_s);
  const share = length > 0 ? (at_s - view.from_s) / length : 0;
  return within(at_s - share * wanted, wanted, duration_s);
}

/** Moved by so many seconds, as far as the scene goes. */
export function panned(view: View, by_s: number, duration_s: number): View {
  return within(view.from_s + by_s, view.to_s - view.from_s, duration_s);
}

/** Moved as little as needed for a range to be seen; its beginning where it is longer than what is shown. */
export function showing(view: View, start_s: number, end_s: number, duration_s: number): View {
  const length = view.to_s - view.from_s;
  if (start_s >= view.from_s && end_s <= view.to_s) return view;
  if (end_s - start_s >= length || start_s < view.from_s) return within(start_s - length * 0.1, length, duration_s);
  return within(end_s - length * 0.9, length, duration_s);
}

function within(from_s: number, length_s: number, duration_s: number): View {
  const from = Math.max(0, Math.min(from_s, duration_s - length_s));
  return { from_s: from, to_s: from + length_s };
}

export function xOf(at_s: number, view: View, width: number): number {
  return ((at_s - view.from_s) / (view.to_s - view.from_s)) * width;
}

export function timeOf(x: number, view: View, width: number): number {
  return view.from_s + (Math.min(Math.max(x, 0), width) / width) * (view.to_s - view.from_s);
}

/** Round moments to write under the timeline, at most `most` of them. */
export function ticks(view: View, most: number): number[] {
  const length = view.to_s - view.from_s;
  const step = STEPS_S.find((one) => length / one <= most) ?? 86400 * Math.ceil(length / 86400 / most);
  const found: number[] = [];
  for (let n = Math.ceil(view.from_s / step); n * step <= view.to_s; n++) found.push(n * step);
  return found;
}
