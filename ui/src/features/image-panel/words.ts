/** What is known of an image or a gallery, as one sentence. Pure. */
import type { Output } from "../../operations.ts";
import type { Text } from "../../text/text.ts";

export type Known = Pick<Output<"scene.analysis">, "analysis" | "failure" | "job" | "ahead">;

/** Whether its job is not over, so that what is shown will change by itself. */
export function isUnderWay({ job }: Pick<Known, "job">): boolean {
  return job?.state === "pending" || job?.state === "running";
}

export function stateSentence(text: Text, known: Known): string {
  const { analysis, failure, job, ahead } = known;
  if (job?.state === "running") return text.t("still.running");
  if (job?.state === "pending") return text.t("still.pending", { ahead });
  if (failure) return text.t("still.failed", { message: failure.message });
  return analysis ? text.t("still.analysed", { ago: text.ago(analysis.done_s) }) : text.t("still.unknown");
}
