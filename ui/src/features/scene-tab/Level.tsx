import React, { useState } from "react";
import { Button } from "react-bootstrap";
import type { Suggestion } from "../../schemas/suggestions.ts";
import { scoreAbout, scoreText } from "../../shared/reason.ts";
import { useText } from "../../text/text.ts";
import { above, levelsOf } from "./level.ts";

interface Props {
  pending: readonly Suggestion[];
  model: string;
  onAccept(ids: readonly number[]): void;
}

/** Accept all whose score is high enough. */
export function Level({ pending, model, onAccept }: Props) {
  const text = useText();
  const { t } = text;
  const levels = levelsOf(pending);
  const [chosen, setChosen] = useState<number>();
  // The level that was chosen stays, whatever is decided meanwhile.
  const at = chosen === undefined ? 0 : Math.max(0, levels.filter((level) => level <= chosen).length - 1);
  const level = levels[at] ?? 0;
  const ids = above(pending, level);
  const label = t("tab.level", { score: scoreText(text, level, model) });
  return (
    <div className="sense-level">
      <label title={scoreAbout(text, model)}>
        <span className="text-muted">{label}</span>
        <input
          type="range"
          className="custom-range"
          min={0}
          max={Math.max(levels.length - 1, 0)}
          value={at}
          disabled={levels.length < 2}
          aria-valuetext={scoreText(text, level, model)}
          onChange={(event) => setChosen(levels[Number(event.currentTarget.value)])}
        />
      </label>
      <Button variant="primary" size="sm" disabled={ids.length === 0} onClick={() => onAccept(ids)}>
        {t("tab.level.accept", { count: ids.length, all: pending.length })}
      </Button>
    </div>
  );
}
