/** Stash's own job queue as values. Pure. */

export const JOB_STATUSES = ["READY", "RUNNING", "STOPPING", "FINISHED", "CANCELLED", "FAILED"] as const;

/** progress: 0 to 1, null while Stash does not know. */
export interface StashJob {
  id: string;
  status: (typeof JOB_STATUSES)[number];
  description: string;
  subTasks: readonly string[] | null;
  progress: number | null;
  error: string | null;
}

export interface JobChange {
  type: "ADD" | "UPDATE" | "REMOVE";
  job: StashJob;
}

/** As the plugin names its jobs; those of its tasks have the names of these. */
const OURS =
  /^(?:Running plugin task: )?(?:Stash Sense(?=:|$)|Analyse new$|Analyse everything$|Analyse tagged |Re-tag from |Apply accepted |Identify performers$|Update face references$|Group unknown people$|Erase face data$|Recompute recommendations$)/;

/** Whether a job is the plugin's work on its own queue. */
export function isOurs(job: StashJob): boolean {
  return OURS.test(job.description);
}

/** Whether a job is a task of the manifest, by the task's name. */
export function isTask({ description }: StashJob, task: string): boolean {
  return description.replace(/^Running plugin task: /, "") === task;
}

/** The queue after a change. Pure. */
export function changed(jobs: readonly StashJob[], { type, job }: JobChange): readonly StashJob[] {
  if (type === "REMOVE") return jobs.filter((one) => one.id !== job.id);
  return jobs.some((one) => one.id === job.id) ? jobs.map((one) => (one.id === job.id ? job : one)) : [...jobs, job];
}
