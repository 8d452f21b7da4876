/** Texts that no language changes. Pure. */

/** 75.4 -> "1:15"; hours only where there are some, as Stash writes durations. */
export function timecode(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const h = Math.floor(whole / 3600);
  const m = Math.floor(whole / 60) % 60;
  const s = String(whole % 60).padStart(2, "0");
  return h > 0 ? `${h}:${String(m).padStart(2, "0")}:${s}` : `${m}:${s}`;
}

/** 75.43 -> "1:15.4"; without the tenth where that is none. */
export function exactTimecode(seconds: number): string {
  const tenths = Math.max(0, Math.round(seconds * 10));
  const tenth = tenths % 10;
  return timecode(Math.floor(tenths / 10)) + (tenth > 0 ? `.${tenth}` : "");
}

/** [18, 27) -> "0:18-0:27", as Stash writes ranges of markers. */
export function range(start_s: number, end_s: number): string {
  return `${timecode(start_s)}-${timecode(end_s)}`;
}

/** "1:02:03", "2:03.5" or "12.5" -> seconds; undefined where it is none of these. */
export function parseTimecode(text: string): number | undefined {
  const parts = text.trim().split(":");
  if (parts.length > 3 || parts.some((part) => !/^\d+(\.\d+)?$/.test(part))) return undefined;
  return parts.reduce((total, part) => total * 60 + Number(part), 0);
}
