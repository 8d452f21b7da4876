/** Stash's queue of jobs, as it moves. */
import { useQuery, useSubscription } from "@apollo/client";
import { faTimes } from "@fortawesome/free-solid-svg-icons";
import React, { useEffect, useState } from "react";
import { Button, Card, ProgressBar } from "react-bootstrap";
import { JobQueueDocument, JobsSubscribeDocument } from "../graphql/documents.ts";
import { mutateStopJob } from "../graphql/service.ts";
import type { Job } from "../graphql/types.ts";
import { Icon } from "../shared/Icon.tsx";

const SHOWN_AFTER_END_MS = 10_000;

interface Update {
  jobsSubscribe: { type: "ADD" | "REMOVE" | "UPDATE"; job: Job };
}

function Row({ job }: { job: Job }) {
  const isActive = job.status === "READY" || job.status === "RUNNING";
  return (
    <li className={`job ${job.status.toLowerCase()}`}>
      <div>
        <Button
          className="minimal stop"
          size="sm"
          title="Stop"
          disabled={!isActive}
          onClick={() => mutateStopJob(job.id)}
        >
          <Icon icon={faTimes} />
        </Button>
        <div className="job-status">
          <div>
            <span>{job.description}</span>
          </div>
          {job.progress !== null && job.status === "RUNNING" && (
            <div>
              <ProgressBar animated now={job.progress * 100} label={`${(job.progress * 100).toFixed(0)}%`} />
            </div>
          )}
          {job.subTasks?.map((text) => (
            <div key={text}>{text}</div>
          ))}
          {job.error && <div className="job-error">{job.error}</div>}
        </div>
      </div>
    </li>
  );
}

export function JobTable() {
  const { data } = useQuery<{ jobQueue: Job[] | null }>(JobQueueDocument, { fetchPolicy: "no-cache" });
  const [jobs, setJobs] = useState<Job[]>([]);
  useEffect(() => setJobs(data?.jobQueue ?? []), [data]);
  useSubscription<Update>(JobsSubscribeDocument, {
    onData: ({ data: event }) => {
      const update = event.data?.jobsSubscribe;
      if (!update) return;
      const { type, job } = update;
      setJobs((known) => {
        const others = known.map((one) => (one.id === job.id ? job : one));
        return known.some((one) => one.id === job.id) ? others : type === "ADD" ? [...known, job] : known;
      });
      if (type === "REMOVE") {
        window.setTimeout(() => setJobs((known) => known.filter((one) => one.id !== job.id)), SHOWN_AFTER_END_MS);
      }
    },
  });
  return (
    <Card className="job-table">
      <ul>
        {!jobs.length && <span className="empty-queue-message">No tasks are currently running.</span>}
        {jobs.map((job) => (
          <Row key={job.id} job={job} />
        ))}
      </ul>
    </Card>
  );
}
