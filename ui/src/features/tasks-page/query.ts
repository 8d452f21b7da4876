/** What the page of tasks shows, as the query of its address. Pure. */
import { JOB_STATES } from "../../schemas/queue.ts";

export type JobState = (typeof JOB_STATES)[number];
export const VIEWS = ["queue", "runs"] as const;

/** state "": jobs of every state, media below what they were asked for with. */
export interface Query {
  view: (typeof VIEWS)[number];
  state: JobState | "";
  words: string;
}

export function parseQuery(search: string): Query {
  const given = new URLSearchParams(search);
  return {
    view: VIEWS.find((one) => one === given.get("view")) ?? "queue",
    state: JOB_STATES.find((one) => one === given.get("state")) ?? "",
    words: given.get("words") ?? "",
  };
}

/** "" or "?…"; what is as it is by default is left out. */
export function formatQuery({ view, state, words }: Query): string {
  const out = new URLSearchParams();
  if (view !== "queue") out.set("view", view);
  if (state) out.set("state", state);
  if (words) out.set("words", words);
  const text = out.toString();
  return text && `?${text}`;
}

/** What `queue.list` is asked with. Who looks for words or for a state looks for media, wherever they are. */
export function listedBy({ state, words }: Query): { states?: JobState[]; words?: string; roots: boolean } {
  const wanted = words.trim();
  return { ...(state && { states: [state] }), ...(wanted && { words: wanted }), roots: !state && !wanted };
}
