import { useEffect } from "react";
import type { Query } from "./query.ts";

const KEY = "stash-sense-native.inbox-view";

/** Whether cards are shown: as the address says, or as they were last. */
export function useView(query: Query): boolean {
  useEffect(() => {
    if (query.view) remember(query.view);
  }, [query.view]);
  return (query.view || recalled()) === "cards";
}

function remember(view: string): void {
  try {
    window.localStorage.setItem(KEY, view);
  } catch {
    // The browser keeps nothing for this page.
  }
}

function recalled(): string {
  try {
    return window.localStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}
