/** The states of media as cards show them, kept up to date by what happens. */
import { useEffect, useState } from "react";
import { onJobChange } from "../host/jobChanges.ts";
import { onRefresh } from "../host/refresh.ts";
import { isOurs } from "../host/stashQueue.ts";
import { call } from "../operations.ts";
import type { Kind } from "../schemas/common.ts";
import { type Known, MediaStates } from "./mediaStates.ts";

/** While work of ours goes on, cards that wait are looked at this often, as Stash tells of its progress. */
const WHILE_WORKING_MS = 15_000;

export const mediaStates = new MediaStates((kind, ids, signal) => call("media.states", { kind, ids }, signal));

/** What is known of a medium while the component is there. */
export function useMediaState(kind: Kind, id: number): Known {
  const [known, setKnown] = useState(() => mediaStates.get(kind, id));
  useEffect(() => {
    const look = () => setKnown(mediaStates.get(kind, id));
    look();
    return mediaStates.watch(kind, id, look);
  }, [kind, id]);
  return known;
}

/** Ask anew when our own writes, or jobs of ours in Stash's queue, may have changed something. Never by the clock. */
export function keepFresh(signal: AbortSignal): void {
  let looked_ms = 0;
  let hidden: { settled: boolean } | undefined;
  const look = (settled: boolean) => {
    looked_ms = Date.now();
    // Nobody looks at a hidden page: once it is shown again is soon enough.
    if (document.visibilityState === "visible") mediaStates.forgetAll(settled);
    else hidden = { settled: settled || hidden?.settled === true };
  };
  document.addEventListener(
    "visibilitychange",
    () => {
      if (!hidden || document.visibilityState !== "visible") return;
      const { settled } = hidden;
      hidden = undefined;
      look(settled);
    },
    { signal },
  );
  onRefresh((media) => mediaStates.forget(media), signal);
  onJobChange(({ type, job }) => {
    if (!isOurs(job)) return;
    if (type === "REMOVE") look(true);
    else if (mediaStates.moving && Date.now() - looked_ms >= WHILE_WORKING_MS) look(false);
  }, signal);
}
