/** Recommendations in words. Pure. */
import type { Evaluation, Recommender, SceneReason, Why } from "../../schemas/recommend.ts";
import type { Text, TextKey } from "../../text/text.ts";

/** Below so many cases, what was foretold says more of chance than of taste. */
export const FEW_CASES = 10;

/** Whether what is known of a recommender says more of taste than of chance. */
export function isTold({ ready, evaluation }: Recommender): boolean {
  return ready && !!evaluation && evaluation.cases >= FEW_CASES;
}

/** How often what was watched next was among the first ten. */
export function foretold(text: Text, { hit_rate: [share, low, high], cases }: Evaluation): string {
  return text.t("recommend.foretold", {
    hits: Math.round(share * 10),
    low: text.number(low * 10, 1),
    high: text.number(high * 10, 1),
    cases,
  });
}

/** A recommender's name for a list to choose from, with what it is worth. */
export function nameOf(text: Text, recommender: Recommender, best: string | null): string {
  const { id, label, evaluation } = recommender;
  if (!evaluation || !isTold(recommender)) return label;
  const hits = Math.round(evaluation.hit_rate[0] * 10);
  return text.t(id === best ? "recommend.name.best" : "recommend.name", { label, hits });
}

const PARTS = [
  "tags",
  "performers",
  "studio",
  "preferred",
  "taste",
  "looks",
  "variety",
  "new",
  "popular",
  "chance",
  "unplayed",
  "disliked",
  "unlike",
  "size",
  "personalized_tfidf",
  "segment_similarity",
  "performer_tag_hybrid",
  "fresh",
] as const;

/** A part of a score by its name, as far as this version knows it. */
export function partName(text: Text, part: string): string {
  const known = PARTS.find((one) => one === part);
  return known ? text.t(`recommend.part.${known}`) : part.replaceAll("_", " ");
}

/** How a scene speaks for another. */
export function howName(text: Text, { how }: SceneReason): string {
  const known = (["seed", "watched", "looks"] as const).find((one) => one === how);
  return known ? text.t(`recommend.how.${known}`) : how;
}

/** Parts of a score that weigh anything, the heaviest first, each with its share of the heaviest: -1 to 1. */
export function weighed(parts: Why["parts"]): [name: string, score: number, share: number][] {
  const found = Object.entries(parts).filter(([, score]) => Math.abs(score) > 1e-9);
  const most = Math.max(...found.map(([, score]) => Math.abs(score)));
  return found.sort(([, a], [, b]) => Math.abs(b) - Math.abs(a)).map(([name, score]) => [name, score, score / most]);
}

/** What a list of nothing is about, as a key of its sentence. */
export function whyNothing(
  context: "global_feed" | "similar_scene" | "prune_candidates",
  library: { scenes: number; watched: number },
): TextKey {
  if (library.scenes === 0) return "recommend.none.scenes";
  if (context === "prune_candidates") return "recommend.none.prune";
  if (context === "similar_scene") return "recommend.none.similar";
  return library.watched === 0 ? "recommend.none.watched" : "recommend.none.filtered";
}
