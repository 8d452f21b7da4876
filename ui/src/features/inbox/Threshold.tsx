import React, { useEffect, useState } from "react";
import { Button } from "react-bootstrap";
import { call } from "../../operations.ts";
import type { ListedSuggestion, Where } from "../../schemas/suggestions.ts";
import { useText } from "../../text/text.ts";
import { roundDown, stepOf } from "./strength.ts";

const SETTLED_MS = 300;

interface Props {
  /** What the list shows. */
  where: Where;
  rows: readonly ListedSuggestion[];
  isWhole: boolean;
  total: number;
  low: number | undefined;
  top: number;
  shown(score: number): string;
  disabled: boolean;
  onAccept(where: Where, count: number): void;
}

/** Accept all whose score is at least so much: a slider over the scores of the list, and how many that would be. */
export function Threshold({ where, rows, isWhole, total, low, top, shown, disabled, onAccept }: Props) {
  const { t } = useText();
  const lowest = low ?? rows.reduce((least, row) => Math.min(least, row.score), top);
  const step = stepOf(lowest, top);
  const from = roundDown(lowest, step);
  const [level, setLevel] = useState<number>();
  const at = Math.min(Math.max(level ?? from, from), top);
  const isAll = at <= from;
  const known = isAll ? total : isWhole ? rows.filter((row) => row.score >= at).length : undefined;
  const asked = useCount({ ...where, min_score: at }, known === undefined, total);
  const count = known ?? asked;
  if (total < 2) return null;
  return (
    <div className="sense-inbox-threshold">
      {top > lowest && (
        <input
          type="range"
          className="custom-range"
          min={from}
          max={top}
          step={step}
          value={at}
          aria-label={t("inbox.threshold")}
          aria-valuetext={shown(at)}
          onChange={(event) => setLevel(Number(event.target.value))}
        />
      )}
      <Button
        variant="success"
        size="sm"
        disabled={disabled || !count}
        onClick={() => count && onAccept(isAll ? where : { ...where, min_score: at }, count)}
      >
        {isAll
          ? t("inbox.accept.all", { count: total })
          : count === undefined
            ? t("inbox.accept.above.counting", { score: shown(at) })
            : t("inbox.accept.above", { count, score: shown(at) })}
      </Button>
    </div>
  );
}

/** How many pending suggestions a condition means; undefined while it is being asked. */
function useCount(where: Where, enabled: boolean, total: number): number | undefined {
  const key = JSON.stringify([where, total]);
  const [found, setFound] = useState<{ key: string; count: number }>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the condition.
  useEffect(() => {
    if (!enabled) return;
    const controller = new AbortController();
    const timer = window.setTimeout(() => {
      call("suggestions.list", { states: ["pending"], ...where, limit: 1 }, controller.signal)
        .then(({ count }) => setFound({ key, count }))
        // The button stays without its number; the next move asks again.
        .catch(() => undefined);
    }, SETTLED_MS);
    return () => {
      window.clearTimeout(timer);
      controller.abort();
    };
  }, [key, enabled]);
  return found?.key === key ? found.count : undefined;
}
