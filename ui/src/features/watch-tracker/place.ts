/** Which page an address is of. Pure. */

export type MediumKind = "scene" | "image" | "gallery";
export type Place =
  | { kind: MediumKind; id: number; path: string; isQueue: boolean }
  | { kind: "list"; of: string; words: string; filters: string; path: string }
  | { kind: "other"; path: string };

const MEDIUM = /^\/(scene|image|gallerie)s\/(\d+)(?:\/|$)/;
const LIST = /^\/(scenes|images|galleries|performers|studios|groups|tags|scenes\/markers)\/?$/;
const MOST_WORDS = 200;
const MOST_FILTERS = 2000;

/** pathname: as Stash's router says it, without what a proxy puts before. */
export function placeOf(pathname: string, search: string): Place {
  const given = new URLSearchParams(search);
  const [, kind, id] = MEDIUM.exec(pathname) ?? [];
  if (kind) {
    // Stash keeps the list that a scene was opened from in such names.
    const isQueue = ["qsort", "qfp", "qs"].some((name) => given.has(name));
    return { kind: kind === "gallerie" ? "gallery" : (kind as MediumKind), id: Number(id), path: pathname, isQueue };
  }
  const of = LIST.exec(pathname)?.[1];
  if (!of) return { kind: "other", path: pathname };
  const words = (given.get("q") ?? "").trim().slice(0, MOST_WORDS);
  const filters = given.getAll("c").join(",").slice(0, MOST_FILTERS);
  return { kind: "list", of: of === "scenes/markers" ? "markers" : of, words, filters, path: pathname };
}

/** The address of the page that is open, in the router's terms. base: path of the document's base. */
export function withoutBase(pathname: string, base: string): string {
  const prefix = base.replace(/\/+$/, "");
  return prefix && pathname.startsWith(`${prefix}/`) ? pathname.slice(prefix.length) : pathname;
}

const STREAM = /\/scene\/(\d+)\/stream/;

/** The scene that a stream of Stash's is of; undefined of others. */
export function sceneOfSource(source: string): number | undefined {
  const found = STREAM.exec(source)?.[1];
  return found === undefined ? undefined : Number(found);
}
