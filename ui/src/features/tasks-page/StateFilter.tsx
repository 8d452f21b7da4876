import React from "react";
import { Badge, Button } from "react-bootstrap";
import { JOB_STATES } from "../../schemas/queue.ts";
import { useText } from "../../text/text.ts";
import type { JobState } from "./query.ts";

interface Props {
  chosen: JobState | "";
  counts: Readonly<Record<string, number>>;
  onChoose(state: JobState | ""): void;
}

/** States of jobs, with how many there are of each. */
export function StateFilter({ chosen, counts, onChoose }: Props) {
  const { t, number } = useText();
  return (
    <fieldset className="sense-states">
      <legend className="sense-visually-hidden">{t("tasks.states")}</legend>
      {(["", ...JOB_STATES] as const).map((state) => (
        <Button
          key={state}
          size="sm"
          variant="secondary"
          className="minimal"
          active={chosen === state}
          aria-pressed={chosen === state}
          onClick={() => onChoose(state)}
        >
          {t(state ? `tasks.states.${state}` : "tasks.states.all")}
          {state && (counts[state] ?? 0) > 0 && (
            <Badge variant={state === "failed" ? "danger" : "secondary"}>{number(counts[state] ?? 0)}</Badge>
          )}
        </Button>
      ))}
    </fieldset>
  );
}
