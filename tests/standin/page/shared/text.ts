/** Figures as Stash writes them. */

/** 754 -> "12:34", 3754 -> "1:02:34". */
export function timestamp(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

export function range(start: number, end: number | null): string {
  return end === null ? timestamp(start) : `${timestamp(start)}-${timestamp(end)}`;
}

export function fileSize(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let [value, at] = [bytes, 0];
  while (value >= 1024 && at < units.length - 1) [value, at] = [value / 1024, at + 1];
  return `${value.toFixed(at ? 1 : 0)} ${units[at]}`;
}

export function resolution(width: number, height: number): string {
  const shorter = Math.min(width, height);
  if (shorter >= 2160) return "4K";
  const known = [1440, 1080, 720, 540, 480, 360, 240, 144];
  const found = known.find((rows) => shorter >= rows);
  return found ? `${found}p` : "";
}

export function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

export function objectTitle(thing: { title: string | null; files?: { basename?: string; path: string }[] }): string {
  return thing.title || (thing.files?.[0] ? fileName(thing.files[0].path) : "");
}
