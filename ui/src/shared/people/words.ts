/** Why a face is taken for somebody's, in words. A similarity is a cosine and no share of anything, so none is shown as one. Pure. */
import type { Candidate } from "../../schemas/people.ts";
import type { Suggestion } from "../../schemas/suggestions.ts";
import type { Text } from "../../text/text.ts";

/** What speaks for a person. views: how many good looks at the face there were; 0 where that is not known. */
export interface Evidence {
  decision: Candidate["decision"];
  similarity: number;
  margin: number;
  references: number;
  views: number;
  agreeing_views: number;
  source: string;
  lowered: readonly string[];
  /** Of a gallery: in how many of its images they are seen; 0 of others. */
  images?: number;
}

export type Distance = "only" | "far" | "clear" | "close";

/**
 * How far the next best person is behind. Cosines of face models lie in ranges of their own, so distances are compared:
 * that to the best against that to the second (the ratio test of Lowe 2004, "Distinctive Image Features", 7.1, who takes
 * 0.8 for the limit). The margin of an only person is their similarity itself.
 */
export function behind({ similarity, margin }: Pick<Evidence, "similarity" | "margin">): Distance {
  if (margin >= similarity) return "only";
  const ratio = (1 - similarity) / Math.max(1 - similarity + margin, 1e-6);
  if (ratio <= 0.65) return "far";
  return ratio <= 0.8 ? "clear" : "close";
}

const SOURCES = ["stash", "stash_box", "folder", "track", "owner", "bootstrap", "import"] as const;
const LOWERED = ["sex", "birthdate", "few_views", "margin", "rejected_elsewhere"] as const;

/** "Looks like 3 pictures of Ada, 12 of 14 views agree; the next best is far behind." */
export function evidenceSentence(text: Text, evidence: Evidence, name: string): string {
  const { t } = text;
  const words = [
    t("people.reason", {
      name,
      decision: evidence.decision,
      references: evidence.references,
      views: evidence.views,
      agreeing: evidence.agreeing_views,
      behind: behind(evidence),
    }),
  ];
  if (evidence.images) words.push(t("people.reason.images", { images: evidence.images }));
  const source = sourceName(text, evidence.source);
  if (source) words.push(t("people.reason.source", { source }));
  const lowered = LOWERED.filter((one) => evidence.lowered.includes(one)).map((one) => t(`people.lowered.${one}`));
  if (lowered.length > 0) words.push(t("people.reason.lowered", { why: lowered.join(", ") }));
  return words.join(" ");
}

export function sourceName({ t }: Text, source: string): string {
  const known = SOURCES.find((one) => one === source);
  return known ? t(`people.source.${known}`) : source;
}

/** What is in the plugin's store may lack anything. */
export function evidenceOf(reason: Suggestion["reason"]): Evidence {
  const number = (value: unknown) => (typeof value === "number" && Number.isFinite(value) ? value : 0);
  const { decision, source, lowered } = reason;
  return {
    decision: decision === "match" ? "match" : decision === "unknown" ? "unknown" : "maybe",
    similarity: number(reason.similarity),
    margin: number(reason.margin),
    references: number(reason.references),
    views: number(reason.views),
    agreeing_views: number(reason.agreeing_views),
    source: typeof source === "string" ? source : "",
    images: number(reason.images),
    lowered: Array.isArray(lowered) ? lowered.filter((one): one is string => typeof one === "string") : [],
  };
}

export type Moment = readonly [start_s: number, end_s: number];

/** When they are on screen, as far as the store kept it. */
export function momentsOf(reason: Suggestion["reason"]): Moment[] {
  if (!Array.isArray(reason.spans)) return [];
  return reason.spans.filter(
    (one): one is [number, number] =>
      Array.isArray(one) && one.length === 2 && one.every((at) => typeof at === "number" && Number.isFinite(at)),
  );
}

/** Tracks that a suggestion rests on; the first is the one to show. */
export function tracksOf(reason: Suggestion["reason"]): string[] {
  const { track_ids } = reason;
  return Array.isArray(track_ids) ? track_ids.filter((one): one is string => typeof one === "string") : [];
}
