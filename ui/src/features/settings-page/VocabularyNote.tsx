import React from "react";
import { Button } from "react-bootstrap";
import { useText } from "../../text/text.ts";
import type { Vocabulary } from "./useVocabulary.ts";

/** Which labels are not in the table, and the way to them. */
export function VocabularyNote({ vocabulary: { state, show } }: { vocabulary: Vocabulary }) {
  const { t } = useText();
  if (state === "shown") return null;
  return (
    <p className="text-muted sense-policies-vocabulary" role="status">
      {t(`settings.policy.vocabulary.${state}`)}
      {(state === "unasked" || state === "failed") && (
        <Button variant="link" size="sm" onClick={show}>
          {t(state === "failed" ? "action.again" : "settings.policy.vocabulary.show")}
        </Button>
      )}
    </p>
  );
}
