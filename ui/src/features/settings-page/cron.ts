/** Crontab lines that most people mean. Pure. */

export type Schedule =
  | { when: "never" }
  | { when: "nightly"; hour: number; minute: number }
  /** day: 0 for Sunday. */
  | { when: "weekly"; hour: number; minute: number; day: number }
  | { when: "own"; cron: string };

export function parseCron(cron: string): Schedule {
  const text = cron.trim();
  if (!text) return { when: "never" };
  const [, minute, hour, day] = /^(\d{1,2}) (\d{1,2}) \* \* (\*|[0-7])$/.exec(text.replace(/\s+/g, " ")) ?? [];
  const at = { hour: Number(hour), minute: Number(minute) };
  if (!day || at.hour > 23 || at.minute > 59) return { when: "own", cron: text };
  return day === "*" ? { when: "nightly", ...at } : { when: "weekly", ...at, day: Number(day) % 7 };
}

export function formatCron(schedule: Schedule): string {
  switch (schedule.when) {
    case "never":
      return "";
    case "nightly":
      return `${schedule.minute} ${schedule.hour} * * *`;
    case "weekly":
      return `${schedule.minute} ${schedule.hour} * * ${schedule.day}`;
    default:
      return schedule.cron;
  }
}

/** The same moments, chosen in another way; what was not known is at three in the night, on Sunday. */
export function rescheduled(before: Schedule, when: Schedule["when"]): Schedule {
  const hour = "hour" in before ? before.hour : 3;
  const minute = "minute" in before ? before.minute : 0;
  if (when === "never") return { when };
  if (when === "nightly") return { when, hour, minute };
  if (when === "weekly") return { when, hour, minute, day: "day" in before ? before.day : 0 };
  return { when, cron: formatCron(before) || "0 3 * * *" };
}
