/** Our pages. Not below /plugin: Stash's server keeps that for itself, and a reload there finds nothing. */
export const PAGES = [
  { path: "/sense/inbox", title: "page.inbox" },
  { path: "/sense/people", title: "page.people" },
  { path: "/sense/tasks", title: "page.tasks" },
  { path: "/sense/settings", title: "page.settings" },
] as const;
