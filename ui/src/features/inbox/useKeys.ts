import Mousetrap from "mousetrap";
import { useEffect, useRef } from "react";

/** What a key does; false: nothing, so let the page have it. */
export type Keys = Readonly<Record<string, () => unknown>>;

/** What already does something with a key. */
const WORKS_ON: Readonly<Record<string, string>> = {
  enter: "a[href], button, summary",
  space: "button, summary, input",
};

/**
 * Keys of the page while it is shown, through Stash's own Mousetrap: it knows that `g` `p` is Stash's and no `p` of ours,
 * and it is silent while somebody types.
 */
export function useKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  const names = Object.keys(keys).join(" ");
  useEffect(() => {
    const bound = names.split(" ");
    for (const name of bound) {
      Mousetrap.bind(name, (event) => {
        const target = event.target instanceof Element ? event.target : undefined;
        // A dialog, a menu and a slider have their own keys.
        if (target?.closest(".modal, .dropdown-menu.show, input[type=range]")) return;
        const own = WORKS_ON[name];
        if (own && target?.closest(own)) return;
        if (latest.current[name]?.() !== false) event.preventDefault();
      });
    }
    return () => {
      for (const name of bound) Mousetrap.unbind(name);
    };
  }, [names]);
}
