/** What Stash's page shows is a copy. After a change that the plugin made behind it, forget the copy. */
import type { DocumentNode } from "@apollo/client";
import { apolloClient, pluginApi } from "./pluginApi.ts";

const TYPES = { scene: "Scene", image: "Image", gallery: "Gallery" } as const;
const LISTS = ["FindScenes", "FindImages", "FindGalleries", "FindTags", "FindSceneMarkers", "FindPerformers"] as const;

export interface Changed {
  kind: keyof typeof TYPES;
  id: number;
}

const listeners = new Set<(media: readonly Changed[]) => void>();

/** Hear of every refresh: parts of ours that keep a copy of their own. */
export function onRefresh(listener: (media: readonly Changed[]) => void, signal: AbortSignal): void {
  listeners.add(listener);
  signal.addEventListener("abort", () => listeners.delete(listener));
}

/** Let what is shown of these media be read anew: an open page does so at once, without a reload or a flash. */
export function refresh(media: readonly Changed[]): void {
  const { cache } = apolloClient();
  for (const { kind, id } of media) cache.evict({ id: `${TYPES[kind]}:${id}` });
  if (media.some(({ kind }) => kind === "scene")) cache.evict({ id: "ROOT_QUERY", fieldName: "sceneMarkerTags" });
  cache.gc();
  refreshLists();
  for (const listener of listeners) listener(media);
}

/** As refresh(), of all media that the page has a copy of: where it is not known which were changed. */
export function refreshAll(): void {
  const kinds = Object.entries(TYPES) as [Changed["kind"], string][];
  const media = Object.keys(apolloClient().cache.extract()).flatMap((key): Changed[] => {
    const [type, id] = key.split(":");
    const kind = kinds.find(([, name]) => name === type)?.[0];
    return kind && Number(id) > 0 ? [{ kind, id: Number(id) }] : [];
  });
  refresh(media);
}

/** Let lists be read anew when they are next shown. */
export function refreshLists(): void {
  const { GQL, utils } = pluginApi();
  const documents = LISTS.map((name) => GQL?.[`${name}Document`]).filter((one): one is DocumentNode => !!one);
  utils.StashService.evictQueries?.(apolloClient().cache, documents);
}
