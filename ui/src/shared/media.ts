/** What Stash knows of the media that rows are about: names and pictures. Asked for what is on screen, kept for a while. */
import { gql } from "@apollo/client";
import * as v from "valibot";
import { apolloClient } from "../host/pluginApi.ts";
import { parseMedium } from "./mediumKey.ts";
import { Wanted } from "./wanted.ts";

/** picture: of the whole medium. vtt, stream: of scenes. */
export interface Medium {
  title: string;
  picture: string | null;
  vtt: string | null;
  stream: string | null;
  duration_s: number | null;
}

const address = v.nullish(v.string(), null);
const reply = v.object({
  title: v.nullish(v.string(), ""),
  paths: v.object({
    screenshot: address,
    thumbnail: address,
    cover: address,
    vtt: address,
    stream: address,
  }),
  files: v.optional(v.array(v.object({ duration: v.nullish(v.number(), null) })), []),
});

// By aliases and not by a list of ids: one that is gone would fail the whole list.
const FIELDS = {
  scene: "findScene(id: ID) { id title files { duration } paths { screenshot vtt stream } }",
  image: "findImage(id: ID) { id title paths { thumbnail } }",
  gallery: "findGallery(id: ID) { id title paths { cover } }",
} as const;

function document(keys: readonly string[]) {
  const fields = keys.map((key, n) => {
    const medium = parseMedium(key);
    return medium ? `m${n}: ${FIELDS[medium.kind].replace("ID", `"${medium.media_id}"`)}` : "";
  });
  return gql(`query StashSenseMedia { ${fields.join(" ")} }`);
}

async function ask(keys: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Medium | null>> {
  const { data } = await apolloClient().query<Record<string, unknown>>({
    query: document(keys),
    fetchPolicy: "no-cache",
    errorPolicy: "all",
    context: { fetchOptions: { signal } },
  });
  const found = new Map<string, Medium | null>();
  keys.forEach((key, n) => {
    const given = v.safeParse(reply, data?.[`m${n}`]);
    found.set(key, given.success ? mediumOf(given.output) : null);
  });
  return found;
}

function mediumOf({ title, paths, files }: v.InferOutput<typeof reply>): Medium {
  return {
    title: title ?? "",
    picture: paths.screenshot ?? paths.thumbnail ?? paths.cover,
    vtt: paths.vtt,
    stream: paths.stream,
    duration_s: files[0]?.duration ?? null,
  };
}

export type Media = Wanted<Medium>;

export function makeMedia(): Media {
  return new Wanted<Medium>({ ask, most: 40, room: 2000, delay_ms: 60, pause_ms: 3000 });
}

/** Where Stash shows it: scenes at the moment. */
export function pathOf(kind: string, id: number, at_s?: number): string {
  if (kind === "scene") return `/scenes/${id}${at_s ? `?t=${Math.round(at_s * 10) / 10}` : ""}`;
  return kind === "image" ? `/images/${id}` : `/galleries/${id}`;
}
