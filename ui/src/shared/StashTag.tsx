import React from "react";
import type { Suggestion } from "../schemas/suggestions.ts";
import { useText } from "../text/text.ts";

/** What a label is called in Stash, where that is another name. */
export function StashTag({ one }: { one: Pick<Suggestion, "label" | "tag"> }) {
  const { t } = useText();
  if (!one.tag || one.tag === one.label) return null;
  return (
    <span className="sense-stash-tag" title={t("label.in_stash", { tag: one.tag })}>
      → {one.tag}
    </span>
  );
}
