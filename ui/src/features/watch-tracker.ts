/**
 * Remembers what is watched, where its owner wants that: Stash's setting "Track watching". Without it nothing happens here
 * but that the setting is listened to: no player is heard, no database opened, nothing asked.
 */
import type { Feature } from "../feature.ts";
import { onStashSettings, readStashSettings } from "../host/configuration.ts";
import { pluginApi } from "../host/pluginApi.ts";
import { PLUGIN_ID } from "../operations.ts";
import { report } from "../shared/report.ts";
import { isPaused, learnWatching, onWatching, watching } from "../shared/watching.ts";
import { type Place, placeOf, withoutBase } from "./watch-tracker/place.ts";
import { inform, Recording } from "./watch-tracker/recording.ts";
import { deleteStore } from "./watch-tracker/store.ts";

const id = "watch-tracker";
/** What was heard of tags that are excluded holds so long; their owner's own changes are heard of at once. */
const HOLDS_MS = 10 * 60_000;
/** Of a plugin that cannot say whether it may: twice as long each time. */
const ASK_AGAIN_MS = [60_000, 15 * 60_000] as const;
/** Browsers wait no longer than this in one go. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

export const watchTracker: Feature = {
  id,
  init(signal) {
    const conductor = new Conductor();
    onStashSettings(PLUGIN_ID, ({ trackWatching }) => conductor.turn(isSwitchedOn(trackWatching)), signal);
    onWatching(() => conductor.learn(), signal);
    pluginApi().Event.addEventListener("stash:location", (event) => {
      const location = (event as CustomEvent).detail?.data?.location;
      conductor.go(location ? placeOf(location.pathname, location.search) : here());
    });
    // The browser may keep the page, and bring it back as it was.
    window.addEventListener("pagehide", () => conductor.hide(), { signal });
    window.addEventListener("pageshow", ({ persisted }) => persisted && conductor.show(), { signal });
    signal.addEventListener("abort", () => conductor.hide());
  },
};

/** As the plugin reads it. */
function isSwitchedOn(value: unknown): boolean {
  return value === true || (typeof value === "string" && /^\s*(true|1|yes|on)\s*$/i.test(value));
}

/** Begins and ends recordings. */
class Conductor {
  #isOn: boolean | undefined;
  #isHidden = false;
  #place: Place = here();
  #recording: Recording | undefined;
  /** Aborted when what is being begun is not wanted any more. */
  #beginning: AbortController | undefined;
  #timer: number | undefined;
  #failures = 0;
  #erased_ms = watching().erased_ms;

  go(place: Place): void {
    this.#place = place;
    this.#recording?.go(place);
  }

  turn(isOn: boolean): void {
    if (isOn === this.#isOn) return;
    this.#isOn = isOn;
    this.#decide();
    if (isOn) return;
    learnWatching({ tracking: false });
    void deleteStore();
  }

  /** Something was heard of the plugin, here or in another tab. */
  learn(): void {
    const { tracking, erased_ms } = watching();
    if (erased_ms > this.#erased_ms) this.#recording?.forgetBefore(erased_ms);
    this.#erased_ms = erased_ms;
    if (tracking !== this.#isOn) void readStashSettings().catch(() => undefined);
    this.#decide();
  }

  hide(): void {
    this.#isHidden = true;
    this.#decide();
  }

  show(): void {
    this.#isHidden = false;
    this.#decide();
  }

  #decide(): void {
    window.clearTimeout(this.#timer);
    const state = watching();
    const isWanted = this.#isOn === true && !this.#isHidden && !isPaused(state);
    if (isWanted && !this.#recording && !this.#beginning) void this.#begin();
    if (!isWanted) this.#stop();
    if (this.#isOn && !this.#isHidden && isPaused(state)) {
      const left_ms = (state.paused_until_s ?? 0) * 1000 - Date.now();
      this.#timer = window.setTimeout(() => this.#decide(), Math.min(left_ms + 500, LONGEST_WAIT_MS));
    }
  }

  async #begin(): Promise<void> {
    const beginning = new AbortController();
    this.#beginning = beginning;
    try {
      await inform(HOLDS_MS);
      this.#failures = 0;
      if (beginning.signal.aborted) return;
      if (!watching().tracking) return;
      this.#recording = await Recording.begin(this.#place, beginning.signal);
    } catch (error) {
      if (beginning.signal.aborted) return;
      report(id, error);
      const [shortest_ms, longest_ms] = ASK_AGAIN_MS;
      const rest_ms = Math.min(shortest_ms * 2 ** this.#failures, longest_ms);
      this.#failures += 1;
      this.#timer = window.setTimeout(() => this.#decide(), rest_ms);
    } finally {
      if (this.#beginning === beginning) this.#beginning = undefined;
    }
  }

  #stop(): void {
    this.#beginning?.abort();
    this.#beginning = undefined;
    this.#recording?.end(this.#isHidden ? "pagehide" : this.#isOn ? "paused" : "off");
    this.#recording = undefined;
  }
}

function here(): Place {
  const { pathname, search } = window.location;
  return placeOf(withoutBase(pathname, new URL(document.baseURI).pathname), search);
}
