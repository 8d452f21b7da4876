import { faCheck, faTimes } from "@fortawesome/free-solid-svg-icons";
import React from "react";
import { Button } from "react-bootstrap";
import type { Suggestion } from "../../schemas/suggestions.ts";
import { Icon } from "../../shared/Icon.tsx";
import { Face } from "../../shared/people/Face.tsx";
import { evidenceOf, evidenceSentence, tracksOf } from "../../shared/people/words.ts";
import { useText } from "../../text/text.ts";

interface Props {
  suggestion: Suggestion;
  busy: boolean;
  decide(accept: boolean): void;
}

/** A performer who may be in it: face, reason, yes and no. */
export function SuggestedPerson({ suggestion, busy, decide }: Props) {
  const text = useText();
  const { t } = text;
  const name = suggestion.label;
  const evidence = evidenceOf(suggestion.reason);
  return (
    <li className="sense-who-candidate">
      <Face id={tracksOf(suggestion.reason)[0] ?? ""} size_px={48} />
      <span>
        <strong>{name}</strong>{" "}
        {evidence.decision === "maybe" && (
          <span className="badge badge-warning" title={t("people.decision.maybe.about")}>
            {t("people.decision.maybe")}
          </span>
        )}
        <small className="text-muted d-block">{evidenceSentence(text, evidence, name)}</small>
      </span>
      <Button
        variant="success"
        size="sm"
        disabled={busy}
        aria-label={t("people.is", { name })}
        title={t("people.is", { name })}
        onClick={() => decide(true)}
      >
        <Icon icon={faCheck} />
      </Button>
      <Button
        variant="danger"
        size="sm"
        disabled={busy}
        aria-label={t("people.is_not", { name })}
        title={t("people.is_not", { name })}
        onClick={() => decide(false)}
      >
        <Icon icon={faTimes} />
      </Button>
    </li>
  );
}
