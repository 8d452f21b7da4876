import React, { type ReactNode } from "react";
import { Spinner } from "react-bootstrap";
import { patchComponent } from "../plugins/patch.tsx";

export interface LoadingProps {
  message?: ReactNode;
  inline?: boolean;
  small?: boolean;
  card?: boolean;
}

export const LoadingIndicator = patchComponent<LoadingProps>("LoadingIndicator", ({ message, inline, small, card }) => (
  <div
    className={["LoadingIndicator", inline && "inline", small && "small", card && "card-based"]
      .filter(Boolean)
      .join(" ")}
  >
    <Spinner animation="border" role="status" size={small ? "sm" : undefined}>
      <span className="sr-only">Loading...</span>
    </Spinner>
    {message !== "" && <h4 className="LoadingIndicator-message">{message ?? "Loading…"}</h4>}
  </div>
));
