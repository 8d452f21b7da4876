import React, { createContext, type ReactNode, useCallback, useContext, useState } from "react";
import { type TextKey, useText, type Values } from "../../text/text.ts";

type Announce = (key: TextKey, values?: Values) => void;

const Context = createContext<Announce>(() => undefined);

/** Says something to who listens instead of looking. */
export const useAnnounce = () => useContext(Context);

/** The place where that is said. */
export function Announcer({ children }: { children: ReactNode }) {
  const { t } = useText();
  const [said, setSaid] = useState({ text: "", turn: 0 });
  const announce = useCallback<Announce>(
    (key, values) => setSaid(({ turn }) => ({ text: t(key, values), turn: turn + 1 })),
    [t],
  );
  return (
    <Context.Provider value={announce}>
      {children}
      <div aria-live="polite" className="sense-visually-hidden">
        {/* The same words twice are said twice. */}
        <span key={said.turn}>{said.text}</span>
      </div>
    </Context.Provider>
  );
}
