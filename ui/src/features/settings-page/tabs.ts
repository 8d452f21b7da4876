/** The parts of the page, as the address names them. Pure. */
import { PAGES } from "../../shared/pages.ts";

export const TABS = ["self-test", "general", "paths", "policy", "models", "privacy", "about"] as const;
export type Tab = (typeof TABS)[number];

export function tabOf(search: string): Tab {
  const named = new URLSearchParams(search).get("tab");
  return TABS.find((tab) => tab === named) ?? TABS[0];
}

export function addressOf(tab: Tab): string {
  return `${PAGES.settings.path}?tab=${tab}`;
}
