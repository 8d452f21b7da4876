import React from "react";
import { Button } from "react-bootstrap";
import { useText } from "../../text/text.ts";
import { range } from "../format.ts";
import type { Moment } from "./words.ts";

const FEW = 4;

interface Props {
  moments: readonly Moment[];
  /** Whose they are, for who does not see it. */
  name: string;
  go(at_s: number): void;
}

/** When somebody is on screen; each is a way there. */
export function Moments({ moments, name, go }: Props) {
  const { t } = useText();
  const left = moments.length - FEW;
  return (
    <span className="sense-moments">
      {moments.slice(0, FEW).map(([start_s, end_s]) => (
        <Button
          key={start_s}
          variant="link"
          size="sm"
          aria-label={t("people.go", { name, range: range(start_s, end_s) })}
          onClick={() => go(start_s)}
        >
          {range(start_s, end_s)}
        </Button>
      ))}
      {left > 0 && <span className="text-muted">{t("people.moments_more", { count: left })}</span>}
    </span>
  );
}
