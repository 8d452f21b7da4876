/** The player as samples. */
import type { Player } from "../../host/pluginApi.ts";
import type { Cause, Moment, Sample } from "./watch.ts";

const EVENTS: Readonly<Record<string, Cause>> = {
  play: "other",
  playing: "other",
  pause: "other",
  waiting: "other",
  ratechange: "other",
  timeupdate: "other",
  seeking: "seeking",
  seeked: "seeked",
};
/** Enough is there to go on playing. */
const HAVE_FUTURE_DATA = 3;

export interface Heard {
  /** Something happened. */
  onEvent(cause: Cause): void;
  /** The player is about to go; it still knows where it was. */
  onEnd(): void;
}

/** Listen to a player until the signal ends, or it is disposed. */
export function follow(player: Player, { onEvent, onEnd }: Heard, signal: AbortSignal): void {
  const own = new AbortController();
  signal.addEventListener("abort", () => own.abort(), { signal: own.signal });
  const listen = (event: string, listener: () => void) => {
    player.on(event, listener);
    own.signal.addEventListener("abort", () => {
      if (!player.isDisposed()) player.off(event, listener);
    });
  };
  for (const [event, cause] of Object.entries(EVENTS)) listen(event, () => onEvent(cause));
  // Stash takes away every listener that the player has to "ended", whoever added it. The element may be replaced.
  const known = new WeakSet<Element>();
  const watchElement = () => {
    const video = player.el().querySelector("video");
    if (!video || known.has(video)) return;
    known.add(video);
    video.addEventListener("ended", () => onEvent("ended"), { signal: own.signal });
  };
  watchElement();
  listen("loadstart", watchElement);
  listen("dispose", () => {
    own.abort();
    onEnd();
  });
}

export function now(): Moment {
  return { at_ms: Date.now(), mono_ms: performance.now() };
}

/**
 * How the player stands; a picture of its own is in sight whatever becomes of the page. before: where nothing is loaded,
 * it is where it was.
 */
export function sampleOf(player: Player, before?: Sample): Sample {
  const loaded = player.readyState() ?? HAVE_FUTURE_DATA;
  const isStill = player.paused() || player.seeking() || player.ended();
  const duration_s = player.duration();
  return {
    ...now(),
    position_s: loaded > 0 ? finite(player.currentTime()) : (before?.position_s ?? 0),
    rate: player.playbackRate() || 1,
    duration_s: finite(duration_s) || (before?.duration_s ?? 0),
    visible: document.visibilityState === "visible" || Boolean(document.pictureInPictureElement),
    playing: !isStill && loaded >= HAVE_FUTURE_DATA,
    loops: player.loop() === true,
  };
}

function finite(seconds: number): number {
  return Number.isFinite(seconds) ? Math.max(seconds, 0) : 0;
}
