import Mousetrap from "mousetrap";
import { useEffect, useRef } from "react";

/** Keys that Stash leaves free on a scene's page. */
export const KEYS = { next: "w", previous: "b", play: "z", accept: "y", reject: "x" } as const;
export type Act = keyof typeof KEYS;

/** Bound while the component is mounted; Mousetrap leaves alone what is typed into fields. */
export function useKeys(acts: Record<Act, () => void>): void {
  const latest = useRef(acts);
  latest.current = acts;
  useEffect(() => {
    const names = Object.keys(KEYS) as Act[];
    for (const name of names) {
      Mousetrap.bind(KEYS[name], ({ target }) => {
        // Who answers a dialog of Stash's decides nothing behind it.
        if (!(target instanceof Element && target.closest(".modal"))) latest.current[name]();
      });
    }
    return () => {
      for (const name of names) Mousetrap.unbind(KEYS[name]);
    };
  }, []);
}
