/** Which part of which picture shows a moment: a WebVTT file whose cues point into sprite sheets, as Stash makes them. */

/** [start_s, end_s) is shown by the rectangle at (x, y) of the picture at url, pixels. */
export interface Cue {
  start_s: number;
  end_s: number;
  url: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

const TIMES = /^\s*([\d:.]+)\s+-->\s+([\d:.]+)/;
const PLACE = /^(.*?)#xywh=(?:pixel:)?(\d+),(\d+),(\d+),(\d+)\s*$/i;

/** The cues in order of time. base: the address of the file. What is no such cue, or lies elsewhere, is left out. */
export function parseVtt(text: string, base: string): Cue[] {
  const home = address("", base);
  const cues: Cue[] = [];
  if (!home || !/^\uFEFF?WEBVTT/.test(text)) return cues;
  for (const block of text.split(/\r?\n\s*\r?\n/)) {
    const lines = block.split(/\r?\n/);
    const at = lines.findIndex((line) => TIMES.test(line));
    const times = TIMES.exec(lines[at] ?? "");
    const place = PLACE.exec(lines[at + 1] ?? "");
    if (!times || !place) continue;
    const [start_s, end_s] = [clock(times[1] ?? ""), clock(times[2] ?? "")];
    const url = address(place[1] ?? "", base);
    const [x = 0, y = 0, width = 0, height = 0] = place.slice(2).map(Number);
    // Only from where the file itself is: nothing may make a page ask others.
    if (!url || url.origin !== home.origin || !(end_s > start_s) || width < 1 || height < 1) continue;
    cues.push({ start_s, end_s, url: url.href, x, y, width, height });
  }
  return cues.sort((a, b) => a.start_s - b.start_s);
}

/** The cue on screen at a moment: the last one that has begun; before all of them, the first. */
export function cueAt(cues: readonly Cue[], at_s: number): Cue | undefined {
  let low = 0;
  let high = cues.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cues[middle]?.start_s ?? 0) <= at_s) low = middle + 1;
    else high = middle;
  }
  return cues[Math.max(0, low - 1)];
}

function clock(text: string): number {
  return text.split(":").reduce((total, part) => total * 60 + Number(part), 0);
}

function address(text: string, base: string): URL | undefined {
  try {
    const url = new URL(text, base);
    return /^https?:$/.test(url.protocol) ? url : undefined;
  } catch {
    return undefined;
  }
}
