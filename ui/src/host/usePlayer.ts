import { useEffect, useState } from "react";
import { whenPlayer } from "./player.ts";
import type { Player } from "./pluginApi.ts";

/** The scene page's player, once there is one. Stash keeps the same one while its queue goes from scene to scene. */
export function usePlayer(): Player | undefined {
  const [player, setPlayer] = useState<Player>();
  useEffect(() => {
    const controller = new AbortController();
    whenPlayer(controller.signal, (found) => {
      const gone = () => setPlayer(undefined);
      found.on("dispose", gone);
      controller.signal.addEventListener("abort", () => {
        if (!found.isDisposed()) found.off("dispose", gone);
      });
      setPlayer(found);
    });
    return () => controller.abort();
  }, []);
  return player;
}

/** Call `show` with the player's time for each frame that is shown; where the browser tells none, as followPlayer(). */
export function followFrames(player: Player, show: (at_s: number) => void): () => void {
  const video = player.el().querySelector("video");
  if (!video || !("requestVideoFrameCallback" in video)) return followPlayer(player, show);
  let handle = 0;
  const step = () => {
    if (!player.isDisposed()) show(player.currentTime());
  };
  const frame = () => {
    step();
    handle = video.requestVideoFrameCallback(frame);
  };
  handle = video.requestVideoFrameCallback(frame);
  for (const event of STEPS) player.on(event, step);
  step();
  return () => {
    video.cancelVideoFrameCallback(handle);
    if (player.isDisposed()) return;
    for (const event of STEPS) player.off(event, step);
  };
}

const STEPS = ["timeupdate", "seeked", "play", "pause", "loadedmetadata"] as const;

/** Call `show` with the player's time as it changes: with each frame while it plays and the page is visible. */
export function followPlayer(player: Player, show: (at_s: number) => void): () => void {
  let frame = 0;
  const tick = () => {
    frame = 0;
    if (player.isDisposed()) return;
    show(player.currentTime());
    if (!player.paused()) frame = window.requestAnimationFrame(tick);
  };
  const step = () => {
    if (!frame) tick();
  };
  for (const event of STEPS) player.on(event, step);
  step();
  return () => {
    window.cancelAnimationFrame(frame);
    if (player.isDisposed()) return;
    for (const event of STEPS) player.off(event, step);
  };
}
