import React from "react";
import { useText } from "../../text/text.ts";
import { STEPS, strength } from "./strength.ts";

/** How a score ranks among the others of the list, as bars. */
export function Strength({ score, top, shown }: { score: number; top: number | undefined; shown: string }) {
  const { t } = useText();
  const level = strength(score, top);
  const said = t("inbox.strength", { level, of: STEPS, score: shown });
  return (
    <span className="sense-inbox-strength" role="img" aria-label={said} title={said}>
      {Array.from({ length: STEPS }, (_, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bars have no other name.
        <i key={n} className={n < level ? "on" : ""} />
      ))}
    </span>
  );
}
