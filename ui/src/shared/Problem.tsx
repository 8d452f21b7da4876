import React from "react";
import { Alert, Button } from "react-bootstrap";
import type { OperationError } from "../operations.ts";
import { type Text, useText } from "../text/text.ts";

/** An error as a sentence for people. */
export function sentence(text: Text, error: OperationError): string {
  return text.t(`problem.${error.kind}`, { message: error.message });
}

/** An error in place, with the way out. */
export function Problem({ error, again }: { error: OperationError; again?: () => void }) {
  const text = useText();
  return (
    <Alert variant="warning" role="alert" className="sense-problem">
      <span>{sentence(text, error)}</span>
      {again && (
        <Button variant="secondary" size="sm" onClick={again}>
          {text.t("action.again")}
        </Button>
      )}
    </Alert>
  );
}
