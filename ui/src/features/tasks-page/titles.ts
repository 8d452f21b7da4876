/** Titles of media as Stash knows them: the plugin's queue holds ids, and names only of some. */
import { createContext, useContext } from "react";
import type { Job } from "../../schemas/queue.ts";
import type { Media } from "../../shared/media.ts";
import { mediumKey } from "../../shared/mediumKey.ts";
import { useWanted } from "../../shared/useWanted.ts";
import type { Text } from "../../text/text.ts";

export const TitlesContext = createContext<Media | undefined>(undefined);

type Named = Pick<Job, "kind" | "media_id" | "name">;

/** What to call a job, or a medium in work: its name, else Stash's title of its medium, else its kind and id. */
export function useTitle({ t }: Text, { kind, media_id, name }: Named): string {
  const media = useContext(TitlesContext);
  if (!media) throw new Error("titles are shown outside of the page of tasks");
  const known = kind === "scene" || kind === "image" || kind === "gallery" ? kind : undefined;
  const title = useWanted(media, known && media_id !== null && !name ? mediumKey(known, media_id) : undefined)?.title;
  if (name || title) return name || title || "";
  return known ? t(`tasks.kind.${known}`, { id: String(media_id) }) : t("tasks.job", { id: String(media_id ?? "") });
}
