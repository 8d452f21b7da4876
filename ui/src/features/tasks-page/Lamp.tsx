import React, { type ReactNode } from "react";

/** A dot that says how something is, beside the words that say it too. */
export function Lamp({ level, children }: { level: "ok" | "warn" | "fail" | "off"; children: ReactNode }) {
  return (
    <span className="sense-lamp">
      <span className={`sense-lamp-dot sense-lamp-${level}`} aria-hidden />
      <span>{children}</span>
    </span>
  );
}
