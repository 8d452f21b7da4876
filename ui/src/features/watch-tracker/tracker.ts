/** Follows one load of a page: what is open, for how long, and what its player does. */
import { whenPlayer } from "../../host/player.ts";
import type { Player } from "../../host/pluginApi.ts";
import { Dwell } from "./dwell.ts";
import { follow, now, sampleOf } from "./follow.ts";
import { type Place, sceneOfSource } from "./place.ts";
import type { Recorder } from "./recorder.ts";
import { uuid } from "./uuid.ts";
import {
  type Cause,
  leave,
  type Made,
  newWatch,
  observe,
  type Sample,
  type Step,
  sealed,
  settle,
  simple,
  type Watch,
} from "./watch.ts";

/** A scene's page counts as looked at, a picture's or a gallery's as seen, after so long in sight. */
const SCENE_SEEN_MS = 2000;
const STILL_SEEN_MS = 1000;
/** Words that somebody is still typing are no search. */
const TYPED_MS = 1500;

type Still = { kind: "image" | "gallery"; id: number };

export interface Told {
  recorder: Pick<Recorder, "look" | "tell">;
  /** Something came to an end: send it. */
  onEnd(): void;
}

export class Tracker {
  readonly #signal: AbortSignal;
  readonly #told: Told;
  #place: Place | undefined;
  /** Where the owner came from. */
  #from = "";
  #watch: Watch | undefined;
  #player: Player | undefined;
  #looking: AbortController | undefined;
  #dwell: Dwell | undefined;
  #still: { medium: Still; isTold: boolean } | undefined;
  #search: { timer: number; key: string } = { timer: 0, key: "" };

  constructor(told: Told, signal: AbortSignal) {
    this.#told = told;
    this.#signal = signal;
    signal.addEventListener("abort", () => window.clearTimeout(this.#search.timer));
  }

  /** The page is at this address now. */
  go(place: Place): void {
    const before = this.#place;
    this.#place = place;
    this.#searched(place);
    if (before && isSame(before, place)) return;
    this.#from = before?.path ?? "";
    this.#leaveStill();
    if (place.kind === "scene") {
      // The player plays on until the next scene is there.
      if (!this.#watch || !this.#playsOf(this.#watch.scene_id)) this.#enter();
    } else {
      this.#leaveScene();
      if (place.kind === "image" || place.kind === "gallery") this.#enterStill({ kind: place.kind, id: place.id });
    }
  }

  /** The page was hidden or shown. */
  look(): void {
    this.#dwell?.look();
    this.#observe("other");
  }

  /** The page may go, and not be heard of again: tell all that is known. */
  settle(): void {
    const sample = this.#sample();
    if (this.#watch && sample) this.#take(settle(this.#watch, sample));
    if (this.#watch) this.#watch = sealed(this.#watch);
    this.#tellStill();
  }

  /** It is over with this page. */
  end(): void {
    this.#leaveScene();
    this.#leaveStill();
  }

  #enter(): void {
    this.#leaveScene();
    const place = this.#place;
    if (place?.kind !== "scene") return;
    this.#told.recorder.look(place);
    const watch = newWatch(uuid(), place.id);
    this.#watch = watch;
    const body = {
      ...(this.#from && { referrer: this.#from }),
      ...(this.#player && place.isQueue && { from: "queue" }),
    };
    this.#add(simple(watch, now(), "scene_page_enter", body));
    this.#dwell = new Dwell(SCENE_SEEN_MS, () => this.#add(simple(watch, now(), "scene_view")));
    this.#findPlayer();
    this.#observe("other");
  }

  #leaveScene(): void {
    if (!this.#watch) return;
    this.#dwell?.end();
    this.#looking?.abort();
    this.#take(leave(this.#watch, now(), this.#sample()));
    this.#watch = undefined;
    this.#told.onEnd();
  }

  #findPlayer(): void {
    if (this.#player && !this.#player.isDisposed()) return;
    const looking = new AbortController();
    this.#looking = looking;
    this.#signal.addEventListener("abort", () => looking.abort(), { signal: looking.signal });
    whenPlayer(looking.signal, (player) => {
      this.#player = player;
      follow(player, { onEvent: (cause) => this.#observe(cause), onEnd: () => this.#lose() }, this.#signal);
      this.#observe("other");
    });
  }

  /** The player goes: with its page, which is told in a moment, or for another one. */
  #lose(): void {
    const sample = this.#sample() ?? this.#watch?.last;
    if (this.#watch && sample) this.#take(settle(this.#watch, { ...sample, ...now(), playing: false }));
    this.#player = undefined;
    window.setTimeout(() => {
      if (this.#signal.aborted || !this.#watch || this.#place?.kind !== "scene") return;
      if (this.#place.id === this.#watch.scene_id) this.#findPlayer();
      else this.#enter();
    });
  }

  #observe(cause: Cause): void {
    if (!this.#watch || !this.#player) return;
    const { scene_id } = this.#watch;
    const next = this.#place?.kind === "scene" ? this.#place.id : undefined;
    if (next !== undefined && next !== scene_id && !this.#playsOf(scene_id)) {
      this.#enter();
      return;
    }
    const sample = this.#sample();
    if (!sample) return;
    const wasPlaying = this.#watch.last?.playing;
    this.#take(observe(this.#watch, sample, cause));
    if (cause === "ended" || (wasPlaying && this.#player.paused())) this.#told.onEnd();
  }

  /** How the player stands with the scene that is watched; undefined while it shows another, or there is none. */
  #sample(): Sample | undefined {
    if (!this.#watch || !this.#player || this.#player.isDisposed()) return undefined;
    const source = sceneOfSource(this.#player.currentSrc());
    if (source !== undefined && source !== this.#watch.scene_id) return undefined;
    return sampleOf(this.#player, this.#watch.last);
  }

  #playsOf(scene_id: number): boolean {
    const player = this.#player;
    if (!player || player.isDisposed() || player.paused()) return false;
    return sceneOfSource(player.currentSrc()) === scene_id;
  }

  #enterStill(medium: Still): void {
    this.#told.recorder.look(medium);
    this.#still = { medium, isTold: false };
    this.#dwell = new Dwell(STILL_SEEN_MS, () => {
      if (this.#still?.medium === medium) this.#stillStep(true);
    });
  }

  #leaveStill(): void {
    if (!this.#still) return;
    this.#dwell?.end();
    this.#tellStill();
    this.#still = undefined;
  }

  /** How long it was seen, for good. */
  #tellStill(): void {
    if (!this.#still || this.#still.isTold || (this.#dwell?.seconds ?? 0) * 1000 < STILL_SEEN_MS) return;
    this.#stillStep(false);
    this.#still.isTold = true;
  }

  #stillStep(isFirst: boolean): void {
    if (!this.#still) return;
    const { kind, id } = this.#still.medium;
    const visible_s = Math.round((this.#dwell?.seconds ?? 0) * 10) / 10;
    const event: Made = { type: `${kind}_view`, ...now(), [`${kind}_id`]: id, body: { visible_s } };
    this.#tell([isFirst ? { do: "add", event, isOpen: true } : { do: "rewrite", event }]);
  }

  #searched(place: Place): void {
    if (place.kind !== "list") return;
    const { of, words, filters } = place;
    const key = JSON.stringify([of, words, filters]);
    if (key === this.#search.key) return;
    window.clearTimeout(this.#search.timer);
    this.#search.key = key;
    if (!words && !filters) return;
    this.#search.timer = window.setTimeout(() => {
      this.#add({ type: "library_search", ...now(), body: { kind: of, words, ...(filters && { filters }) } });
    }, TYPED_MS);
  }

  #take([watch, steps]: [Watch, Step[]]): void {
    this.#watch = watch;
    this.#tell(steps);
  }

  #add(event: Made): void {
    // What was open stays as it is: something else came behind it.
    if (this.#watch) this.#watch = sealed(this.#watch);
    this.#tell([{ do: "add", event, isOpen: false }]);
  }

  #tell(steps: readonly Step[]): void {
    if (steps.length > 0) this.#told.recorder.tell(steps);
  }
}

/** A scene's or a gallery's tabs have addresses of their own. */
function isSame(one: Place, other: Place): boolean {
  return "id" in one && "id" in other ? one.kind === other.kind && one.id === other.id : one.path === other.path;
}
