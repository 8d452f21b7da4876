/** Switches of this browser: how much of us is shown in it. What the plugin does is set in Stash and in its store. */
import { useEffect, useState } from "react";

const PREFIX = "stash-sense-native.";

/** Name -> default. */
export const PREFERENCES = {
  /** Badges on the cards of scenes and galleries. */
  badges: true,
  /** Names over the faces in a playing video. */
  on_screen: false,
} as const;

export type Preference = keyof typeof PREFERENCES;

const listeners = new Map<Preference, Set<() => void>>();
/** Where the browser keeps nothing for us, a switch holds until the page is left. */
const unkept = new Map<Preference, boolean>();

export function preference(name: Preference): boolean {
  const here = unkept.get(name);
  if (here !== undefined) return here;
  try {
    const kept = window.localStorage.getItem(PREFIX + name);
    return kept === "on" || (kept !== "off" && PREFERENCES[name]);
  } catch {
    return PREFERENCES[name];
  }
}

export function setPreference(name: Preference, on: boolean): void {
  try {
    window.localStorage.setItem(PREFIX + name, on ? "on" : "off");
    unkept.delete(name);
  } catch {
    unkept.set(name, on);
  }
  for (const listener of listeners.get(name) ?? []) listener();
}

/** Hear of changes, made in other tabs too. Returns what ends that. */
export function onPreference(name: Preference, listener: () => void): () => void {
  const own = listeners.get(name) ?? new Set();
  listeners.set(name, own.add(listener));
  const elsewhere = (event: StorageEvent) => {
    if (event.key === PREFIX + name || event.key === null) listener();
  };
  window.addEventListener("storage", elsewhere);
  return () => {
    own.delete(listener);
    window.removeEventListener("storage", elsewhere);
  };
}

/** A switch as state of a component. */
export function usePreference(name: Preference): [boolean, (on: boolean) => void] {
  const [on, setOn] = useState(() => preference(name));
  useEffect(() => {
    const look = () => setOn(preference(name));
    look();
    return onPreference(name, look);
  }, [name]);
  return [on, (value) => setPreference(name, value)];
}
