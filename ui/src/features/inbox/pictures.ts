/** Pictures of the very moment, made by the sidecar, for scenes that have no sprite sheet. */
import { call } from "../../operations.ts";
import { mediumKey, parseMedium } from "../../shared/mediumKey.ts";
import { Wanted } from "../../shared/wanted.ts";

export type Pictures = Wanted<string>;

const MOST = 24;
/** About 8 kB each. */
const ROOM = 600;
const LATE = "ask again";

export function momentKey(kind: string, id: number, at_s: number): string {
  return `${mediumKey(kind, id)}@${at_s}`;
}

async function ask(keys: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string | null>> {
  const moments = keys.map((key) => {
    const [medium = "", at] = key.split("@");
    const { kind, media_id } = parseMedium(medium) ?? { kind: "scene" as const, media_id: 0 };
    return { kind: kind === "image" ? ("image" as const) : ("scene" as const), id: media_id, at_s: Number(at) };
  });
  const { pictures, problems } = await call("thumbnails.list", { moments }, signal);
  const found = new Map<string, string | null>();
  for (const { kind, id, at_s, data_url } of pictures) {
    if (data_url.startsWith("data:image/")) found.set(momentKey(kind, id, at_s), data_url);
  }
  const late = new Set(
    problems.filter(({ message }) => message.includes(LATE)).map(({ kind, id }) => mediumKey(kind, id)),
  );
  keys.forEach((key) => {
    if (!found.has(key) && !late.has(key.split("@")[0] ?? "")) found.set(key, null);
  });
  return found;
}

export function makePictures(): Pictures {
  return new Wanted<string>({ ask, most: MOST, room: ROOM, delay_ms: 250, pause_ms: 15_000 });
}
