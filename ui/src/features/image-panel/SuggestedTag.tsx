import { faCheck, faTimes } from "@fortawesome/free-solid-svg-icons";
import React from "react";
import { Button } from "react-bootstrap";
import type { Suggestion } from "../../schemas/suggestions.ts";
import { Icon } from "../../shared/Icon.tsx";
import { modelOf, reasonSentence, scoreAbout } from "../../shared/reason.ts";
import { StashTag } from "../../shared/StashTag.tsx";
import { useText } from "../../text/text.ts";

interface Props {
  suggestion: Suggestion;
  busy: boolean;
  decide(accept: boolean): void;
}

/** A tag that is not there yet, as Stash draws tags, with yes and no. */
export function SuggestedTag({ suggestion, busy, decide }: Props) {
  const text = useText();
  const values = { label: suggestion.label };
  return (
    <li
      className="tag-item badge badge-secondary sense-still-tag"
      title={`${reasonSentence(text, suggestion)}\n${scoreAbout(text, modelOf(suggestion.reason))}`}
    >
      <span>{suggestion.label}</span>
      <StashTag one={suggestion} />
      <Button
        variant="success"
        size="sm"
        disabled={busy}
        aria-label={text.t("still.accept", values)}
        title={text.t("action.accept")}
        onClick={() => decide(true)}
      >
        <Icon icon={faCheck} />
      </Button>
      <Button
        variant="danger"
        size="sm"
        disabled={busy}
        aria-label={text.t("still.reject", values)}
        title={text.t("action.reject")}
        onClick={() => decide(false)}
      >
        <Icon icon={faTimes} />
      </Button>
    </li>
  );
}
