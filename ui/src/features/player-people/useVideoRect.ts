import { useEffect, useState } from "react";
import type { Player } from "../../host/pluginApi.ts";
import { pictureIn, type Rect } from "./geometry.ts";

/** Where a video's picture lies, in pixels of the player; undefined while there is no video. */
export function pictureOf(player: Player): Rect | undefined {
  const video = player.isDisposed() ? null : player.el().querySelector("video");
  if (!video || video.clientWidth === 0) return undefined;
  const size = { width: video.videoWidth, height: video.videoHeight };
  const fit = getComputedStyle(video).objectFit;
  const picture = pictureIn({ width: video.clientWidth, height: video.clientHeight }, size, fit);
  return { ...picture, left: picture.left + video.offsetLeft, top: picture.top + video.offsetTop };
}

/** The same, as it changes with the window, full screen and the video. */
export function usePicture(player: Player): Rect | undefined {
  const [picture, setPicture] = useState(() => pictureOf(player));
  useEffect(() => watchPicture(player, () => setPicture(pictureOf(player))), [player]);
  return picture;
}

const CHANGES = ["loadedmetadata", "resize", "fullscreenchange"] as const;

/** Call `look` whenever the picture may lie elsewhere. Returns what ends that. */
export function watchPicture(player: Player, look: () => void): () => void {
  look();
  const observer = new ResizeObserver(look);
  observer.observe(player.el());
  for (const event of CHANGES) player.on(event, look);
  return () => {
    observer.disconnect();
    if (player.isDisposed()) return;
    for (const event of CHANGES) player.off(event, look);
  };
}
