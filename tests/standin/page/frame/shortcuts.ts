/** Keys that Stash takes. Plugins that bind the same key fight over it. */
import Mousetrap from "mousetrap";
import { useEffect } from "react";
import { useHistory } from "react-router-dom";

export type Keys = Record<string, () => void>;

/** Bind keys, anew at each render as Stash does. */
export function useKeys(keys: Keys): void {
  useEffect(() => {
    for (const [key, action] of Object.entries(keys)) Mousetrap.bind(key, () => void action());
    return () => {
      for (const key of Object.keys(keys)) Mousetrap.unbind(key);
    };
  });
}

const PLACES: Record<string, string> = {
  s: "/scenes",
  i: "/images",
  v: "/groups",
  k: "/scenes/markers",
  l: "/galleries",
  p: "/performers",
  u: "/studios",
  t: "/tags",
  z: "/settings",
};

export function useGlobalKeys(): void {
  const history = useHistory();
  const keys = Object.entries(PLACES).map(([key, path]) => [`g ${key}`, () => history.push(path)]);
  useKeys({ "?": () => undefined, ...Object.fromEntries(keys) });
}
