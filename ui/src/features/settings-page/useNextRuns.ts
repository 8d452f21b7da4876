import { useOperation } from "../../shared/useOperation.ts";
import { useText } from "../../text/text.ts";

const JOBS: Record<string, string> = { nightly_cron: "nightly", sweep_cron: "sweep", maintenance_cron: "maintenance" };

/** When the sidecar wakes Stash next, and how it went the last time, as a sentence for each schedule. */
export function useNextRuns(): { of(setting: string): string; reload(): void } {
  const { t, moment, ago } = useText();
  const { data, error, reload } = useOperation("schedule.get", {});
  return {
    reload,
    of(setting) {
      if (error) return t("settings.cron.unknown");
      const job = data?.jobs.find(({ id }) => id === JOBS[setting]);
      if (!job) return "";
      return [
        job.next_run_s && t("settings.cron.next", { when: moment(job.next_run_s) }),
        job.last_run_s && t("settings.cron.last", { ago: ago(job.last_run_s), outcome: job.last_outcome }),
      ]
        .filter(Boolean)
        .join(" ");
    },
  };
}
