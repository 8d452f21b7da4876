/** The list that a scene was opened from. Next and previous go along it; it travels in the address. */
import { findFilter, type ListFilter } from "../lists/filter.ts";

export interface LinkOptions {
  index?: number;
  autoPlay?: boolean;
  start?: number;
}

export class SceneQueue {
  readonly search: string;

  constructor(search: string) {
    this.search = search;
  }

  static fromListFilter(filter: ListFilter): SceneQueue {
    const found = new URLSearchParams({ qsort: filter.sort, qsortd: filter.direction.toLowerCase() });
    if (filter.q) found.set("qfq", filter.q);
    if (filter.tag) found.set("qft", filter.tag);
    found.set("qfp", String(filter.page));
    return new SceneQueue(found.toString());
  }

  static fromAddress(search: string): SceneQueue {
    const found = new URLSearchParams();
    for (const [name, value] of new URLSearchParams(search)) if (name.startsWith("q")) found.append(name, value);
    return new SceneQueue(found.toString());
  }

  makeLink(sceneID: string, { autoPlay, start }: LinkOptions = {}): string {
    const found = new URLSearchParams(this.search);
    if (autoPlay) found.set("autoplay", "true");
    if (start !== undefined) found.set("t", String(start));
    return `/scenes/${sceneID}${found.toString() ? `?${found}` : ""}`;
  }

  /** How to ask for the scenes of the queue; undefined where the scene was not opened from a list. */
  variables(page?: number): { filter: object; scene_filter: object } | undefined {
    const given = new URLSearchParams(this.search);
    if (!given.has("qsort")) return undefined;
    const filter = {
      q: given.get("qfq") ?? "",
      page: page ?? Number(given.get("qfp") ?? 1),
      perPage: 40,
      sort: given.get("qsort") ?? "date",
      direction: given.get("qsortd") === "asc" ? "ASC" : "DESC",
    };
    const tag = given.get("qft");
    return {
      filter: findFilter(filter as ListFilter),
      scene_filter: tag ? { tags: { value: [tag], modifier: "INCLUDES_ALL" } } : {},
    };
  }
}
