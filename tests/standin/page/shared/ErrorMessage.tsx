import React, { type ReactNode } from "react";

export function ErrorMessage({ error }: { error: ReactNode }) {
  return (
    <div className="ErrorMessage">
      <h2>Error</h2>
      <div className="ErrorMessage-content">{error}</div>
    </div>
  );
}
