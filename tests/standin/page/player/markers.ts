/** The player's plugin for markers: dots on the progress bar, ranges above it, once the video's length is known. */
import videojs, { type VideoJsPlayer } from "video.js";

export interface PlayerMarker {
  title: string;
  seconds: number;
  end_seconds?: number | null;
  primaryTag?: { name: string };
}

const LAYER_PX = 9;
const PHONE_PX = 576;

/** One colour for one tag. */
function colourOf(name: string): string {
  let hash = 0;
  for (const letter of name) hash = (hash * 31 + letter.charCodeAt(0)) >>> 0;
  return `hsl(${hash % 360}deg 65% 60%)`;
}

export class Markers {
  private readonly player: VideoJsPlayer;
  private readonly shown: HTMLElement[] = [];
  private tip: HTMLElement | undefined;

  constructor(player: VideoJsPlayer) {
    this.player = player;
  }

  clearMarkers(): void {
    for (const element of this.shown.splice(0)) element.remove();
    this.hideTip();
  }

  addDotMarkers(markers: readonly PlayerMarker[]): void {
    for (const marker of markers) this.addDotMarker(marker);
  }

  addDotMarker(marker: PlayerMarker): void {
    this.add(".vjs-progress-holder", marker, (element, duration) => {
      element.className = "vjs-marker";
      element.style.left = `${(100 * marker.seconds) / duration}%`;
    });
  }

  addRangeMarkers(markers: readonly PlayerMarker[]): void {
    const ends: number[] = [];
    for (const marker of [...markers].sort((a, b) => a.seconds - b.seconds)) {
      const end = marker.end_seconds ?? marker.seconds;
      const free = ends.findIndex((taken) => taken <= marker.seconds);
      const layer = free < 0 ? ends.length : free;
      ends[layer] = end;
      this.add(".vjs-progress-control", marker, (element, duration) => {
        element.className = "vjs-marker-range";
        element.style.left = `calc(15px + (100% - 30px) * ${marker.seconds / duration})`;
        element.style.width = `calc((100% - 30px) * ${(end - marker.seconds) / duration})`;
        element.style.bottom = `${24 + layer * LAYER_PX}px`;
      });
    }
  }

  private add(place: string, marker: PlayerMarker, style: (element: HTMLElement, duration: number) => void): void {
    const duration = this.player.duration();
    const parent = this.player.el().querySelector(place);
    if (!parent || !duration) return;
    const element = document.createElement("div");
    style(element, duration);
    element.style.backgroundColor = colourOf(marker.primaryTag?.name ?? marker.title);
    element.addEventListener("click", () => void this.player.currentTime(marker.seconds));
    element.addEventListener("mouseenter", () => this.showTip(marker.title, element));
    element.addEventListener("mouseleave", () => this.hideTip());
    parent.append(element);
    this.shown.push(element);
  }

  private showTip(title: string, over: HTMLElement): void {
    this.hideTip();
    this.tip = Object.assign(document.createElement("div"), { className: "vjs-marker-tooltip", textContent: title });
    this.tip.style.left = over.style.left;
    over.parentElement?.append(this.tip);
  }

  private hideTip(): void {
    this.tip?.remove();
    this.tip = undefined;
  }
}

const made = new WeakMap<VideoJsPlayer, Markers>();

export function markersOf(player: VideoJsPlayer): Markers {
  const found = made.get(player) ?? new Markers(player);
  made.set(player, found);
  return found;
}

/** Show a scene's markers instead of what was shown. */
export function showMarkers(player: VideoJsPlayer, markers: readonly PlayerMarker[]): void {
  const own = markersOf(player);
  own.clearMarkers();
  const ranges = window.innerWidth <= PHONE_PX ? [] : markers.filter((marker) => marker.end_seconds != null);
  own.addDotMarkers(markers.filter((marker) => !ranges.includes(marker)));
  own.addRangeMarkers(ranges);
}

videojs.registerPlugin("markers", function (this: VideoJsPlayer) {
  return markersOf(this);
});
