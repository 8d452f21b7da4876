/** Why something was suggested, as one sentence: the numbers that speak for it. Pure. */
import type { Span } from "../schemas/analysis.ts";
import type { Suggestion } from "../schemas/suggestions.ts";
import type { Text } from "../text/text.ts";
import { range, timecode } from "./format.ts";

type Reasoned = Pick<Suggestion, "kind" | "type" | "start_s" | "end_s" | "score" | "reason">;
type Moment = Pick<Span, "start_s" | "end_s">;

const MOST_MOMENTS = 3;

/**
 * moments: where the label was seen, as far as the caller knows it, to be named.
 *
 * The numbers of `reason` come from the plugin's store, and any of them may be missing.
 */
export function reasonSentence(text: Text, one: Reasoned, moments: readonly Moment[] = []): string {
  const { t } = text;
  const reason = one.reason;
  const score = scoreText(text, one.score, modelOf(reason));
  if (one.type === "marker") return markerSentence(text, one);
  const share = number(reason.share);
  const seconds = number(reason.seconds);
  if (one.kind === "gallery" && share !== undefined) {
    return t("reason.gallery", {
      share: text.share(share),
      needed: text.share(number(reason.needed_share) ?? 0),
      score,
    });
  }
  if (one.kind !== "scene" || seconds === undefined) return t("reason.image", { score });
  return t("reason.scene", {
    seen: duration(text, seconds),
    share: text.share(share ?? 0),
    needed: duration(text, number(reason.needed_s) ?? 0),
    score,
    moments: momentList(text, moments),
    count: moments.length,
  });
}

function markerSentence(text: Text, one: Reasoned): string {
  const reason = one.reason;
  const uncertainty = number(reason.uncertainty_s) ?? 0;
  return text.t("reason.marker", {
    length: duration(text, one.end_s - one.start_s),
    score: scoreText(text, one.score, modelOf(reason)),
    peak: timecode(number(reason.peak_s) ?? one.start_s),
    peak_score: scoreText(text, number(reason.peak_score) ?? one.score, modelOf(reason)),
    spans: number(reason.spans) ?? 1,
    is_sharp: uncertainty < 0.05 ? "yes" : "no",
    uncertainty: duration(text, uncertainty),
  });
}

/** A score with its unit. It ranks; it is no probability. */
export function scoreText(text: Text, score: number, model: string): string {
  const unit = unitOf(model);
  const shown = text.number(score, unit === "class_z" ? 1 : 2);
  return unit ? text.t(`score.${unit}`, { score: shown }) : shown;
}

/** What the unit of a model's scores means; nothing where that is not known. */
export function scoreAbout(text: Text, model: string): string {
  return unitAbout(text, unitOf(model) ?? "");
}

/** The same by the name of the unit; a name that this version does not know speaks for itself. */
export function unitAbout(text: Text, unit: string): string {
  return unit === "class_z" || unit === "background_softmax" ? text.t(`score.${unit}.about`) : unit;
}

function unitOf(model: string): "class_z" | "background_softmax" | undefined {
  if (/^open_clip\//.test(model)) return "background_softmax";
  return model === "lite" || model.startsWith("lite/") ? "class_z" : undefined;
}

/** "8.5 s", "42 s", "12:05". */
export function duration(text: Text, seconds: number): string {
  if (seconds >= 90) return timecode(seconds);
  return text.t("seconds", { value: text.number(seconds, seconds < 10 ? 1 : 0) });
}

/** The longest ones first come to mind, but time is how people look for them: so the first few in order of time. */
function momentList(text: Text, moments: readonly Moment[]): string {
  const named = moments.slice(0, MOST_MOMENTS).map((one) => range(one.start_s, one.end_s));
  const more = moments.length - named.length;
  return more > 0 ? text.t("reason.moments_more", { named: named.join(", "), more }) : named.join(", ");
}

export function modelOf(reason: Suggestion["reason"]): string {
  return typeof reason.model === "string" ? reason.model : "";
}

function number(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}
