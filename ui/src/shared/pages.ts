/** Our pages. Not below /plugin: Stash's server keeps that for itself, and a reload there finds nothing. */
export const PAGES = {
  forYou: { path: "/sense/for-you", title: "page.for_you" },
  inbox: { path: "/sense/inbox", title: "page.inbox" },
  people: { path: "/sense/people", title: "page.people" },
  statistics: { path: "/sense/statistics", title: "page.statistics" },
  tasks: { path: "/sense/tasks", title: "page.tasks" },
  settings: { path: "/sense/settings", title: "page.settings" },
} as const;
