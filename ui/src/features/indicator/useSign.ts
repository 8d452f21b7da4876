import { useEffect, useState } from "react";
import { listenToJobs } from "../../host/stashJobs.ts";
import type { StashJob } from "../../host/stashQueue.ts";
import { type Notice, notice, onNotice } from "../../shared/notice.ts";
import { type Sign, signOf } from "./sign.ts";

/** What is to be said of our work now. */
export function useSign(): Sign | undefined {
  const [jobs, setJobs] = useState<readonly StashJob[]>();
  const [last, setLast] = useState<Notice>(notice);
  useEffect(() => listenToJobs({ onQueue: setJobs, mayAsk: false }), []);
  useEffect(() => onNotice(() => setLast(notice())), []);
  return signOf(jobs, last);
}
