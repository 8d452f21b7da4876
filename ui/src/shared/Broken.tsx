import React from "react";
import { Alert } from "react-bootstrap";
import { useText } from "../text/text.ts";

/** What stands in the place of a part that broke. */
export function Broken({ error }: { error: Error }) {
  return <Alert variant="danger">{useText().t("problem.broken", { message: error.message })}</Alert>;
}
