import React from "react";
import { Alert, Button } from "react-bootstrap";
import { Link } from "react-router-dom";
import type { OperationError } from "../operations.ts";
import { type Text, useText } from "../text/text.ts";
import { PAGES } from "./pages.ts";

/** An error as a sentence for people. */
export function sentence(text: Text, error: OperationError): string {
  return text.t(`problem.${error.kind}`, { message: error.message });
}

/** How the plugin refuses everything but its status while its packages are not installed. */
const NOT_SET_UP = /\bRun the task Set up\b/;

interface Props {
  error: OperationError;
  again?: () => void;
  /** A part of something that says the same loudly enough. */
  isQuiet?: boolean;
}

/** An error in place, with the way out. */
export function Problem({ error, again, isQuiet = false }: Props) {
  const text = useText();
  if (isQuiet) {
    return (
      <p className="text-muted">
        {sentence(text, error)}{" "}
        {again && (
          <Button variant="link" size="sm" className="sense-inline" onClick={again}>
            {text.t("action.again")}
          </Button>
        )}
      </p>
    );
  }
  return (
    <Alert variant="warning" role="alert" className="sense-problem">
      <span>{sentence(text, error)}</span>
      {error.kind === "refused" && NOT_SET_UP.test(error.message) && (
        <Link to={PAGES.tasks.path} className="btn btn-primary btn-sm">
          {text.t("problem.set_up")}
        </Link>
      )}
      {again && (
        <Button variant="secondary" size="sm" onClick={again}>
          {text.t("action.again")}
        </Button>
      )}
    </Alert>
  );
}
