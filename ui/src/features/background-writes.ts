/** What our work behind the page has written is read anew once it ends, whatever page of Stash's is open. */
import type { Feature } from "../feature.ts";
import { onJobChange } from "../host/jobChanges.ts";
import { pluginApi } from "../host/pluginApi.ts";
import { refreshAll } from "../host/refresh.ts";
import { isOurs } from "../host/stashQueue.ts";

/** Stash's forms begin anew when what they are about is read anew: what its owner has typed would be lost. */
const FORMS = '[id$="-edit-details"]';

export const backgroundWrites: Feature = {
  id: "background-writes",
  init(signal) {
    let isDue = false;
    const look = () => {
      if (!isDue || signal.aborted || document.visibilityState !== "visible" || document.querySelector(FORMS)) return;
      isDue = false;
      refreshAll();
    };
    onJobChange(({ type, job }) => {
      if (type !== "REMOVE" || !isOurs(job)) return;
      isDue = true;
      look();
    }, signal);
    document.addEventListener("visibilitychange", look, { signal });
    // It is told before the next page is there, and the form gone.
    pluginApi().Event.addEventListener("stash:location", () => window.setTimeout(look));
  },
};
