import type { Suggestion } from "../../schemas/suggestions.ts";
import { range } from "../../shared/format.ts";
import type { Text } from "../../text/text.ts";

/** What a suggestion is called in sentences: its tag or performer, and of a marker also where it is. */
export function nameOf(text: Text, one: Pick<Suggestion, "type" | "label" | "start_s" | "end_s">): string {
  if (one.type !== "marker") return one.label;
  return text.t("tab.marker", { label: one.label, range: range(one.start_s, one.end_s) });
}
