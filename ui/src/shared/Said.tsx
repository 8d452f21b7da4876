import React, { type ReactNode } from "react";

/** The words of a toast with something to click on. A click that Stash hears of opens its dialog for errors. */
export function Said({ className = "", children }: { className?: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only keeps clicks to itself.
    <div role="presentation" className={`sense-toast ${className}`} onClick={(event) => event.stopPropagation()}>
      {children}
    </div>
  );
}
