import { KINDS, type Kind } from "../schemas/common.ts";

/** A medium as a key: "scene:12". */
export function mediumKey(kind: string, id: number): string {
  return `${kind}:${id}`;
}

export function parseMedium(key: string): { kind: Kind; media_id: number } | undefined {
  const [name, id] = key.split(":");
  const kind = KINDS.find((known) => known === name);
  return kind && id && /^\d+$/.test(id) ? { kind, media_id: Number(id) } : undefined;
}
