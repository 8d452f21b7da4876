import React, { useState } from "react";
import type { Job } from "../../schemas/queue.ts";
import { useText } from "../../text/text.ts";
import { JobList } from "./JobList.tsx";
import { tallyOf } from "./job.ts";
import type { JobState } from "./query.ts";
import { StateFilter } from "./StateFilter.tsx";
import type { Pulse } from "./usePages.ts";

const FEW = 8;

interface Props {
  job: Job;
  pulse: Pulse;
  changed(): void;
}

/** What is below a batch or a gallery. */
export function Media({ job, pulse, changed }: Props) {
  const { t } = useText();
  const [state, setState] = useState<JobState | "">("");
  return (
    <>
      {tallyOf(job).total > FEW && <StateFilter chosen={state} counts={job.media} onChoose={setState} />}
      <JobList
        wanted={{ parent_id: job.id, roots: false, ...(state && { states: [state] }) }}
        pulse={pulse}
        empty={t(state ? "tasks.queue.none" : "tasks.media.none")}
        changed={changed}
      />
    </>
  );
}
