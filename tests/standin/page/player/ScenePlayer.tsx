/** The player: one for as long as the scene page is open, whatever scene it shows. */
import React, { useCallback, useEffect, useRef, useState } from "react";
import videojs, { type VideoJsPlayer } from "video.js";
import { useConfiguration } from "../frame/ConfigurationContext.ts";
import type { Scene } from "../graphql/types.ts";
import { patchComponent } from "../plugins/patch.tsx";
import { PLAYER_ID } from "./current.ts";
import { showMarkers } from "./markers.ts";
import { Scrubber } from "./Scrubber.tsx";

export interface ScenePlayerProps {
  scene: Scene;
  hideScrubberOverride: boolean;
  autoplay?: boolean;
  permitLoop?: boolean;
  initialTimestamp: number;
  sendSetTimestamp: (setTimestamp: (seconds: number) => void) => void;
  onComplete: () => void;
  onNext: () => void;
  onPrevious: () => void;
}

const STEP_S = 10;

function onKey(player: VideoJsPlayer, event: { key: string; preventDefault(): void }): void {
  const steps: Record<string, number> = { ArrowLeft: -STEP_S, ArrowRight: STEP_S };
  const step = steps[event.key];
  if (step !== undefined) player.currentTime(player.currentTime() + step);
  else if (event.key === " ") player.paused() ? player.play() : player.pause();
  else if (event.key === "m") player.muted(!player.muted());
  else return;
  event.preventDefault();
}

function makePlayer(parent: HTMLElement): VideoJsPlayer {
  const element = document.createElement("video-js");
  element.setAttribute("data-vjs-player", "true");
  element.setAttribute("crossorigin", "anonymous");
  element.classList.add("vjs-big-play-centered");
  parent.append(element);
  const player: VideoJsPlayer = videojs(element, {
    id: PLAYER_ID,
    controls: true,
    preload: "none",
    playsinline: true,
    inactivityTimeout: 2000,
    playbackRates: [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2],
    controlBar: { pictureInPictureToggle: false, volumePanel: { inline: false } },
    userActions: { hotkeys: (event) => onKey(player, event as unknown as KeyboardEvent) },
  });
  player.focus();
  return player;
}

export const ScenePlayer = patchComponent<ScenePlayerProps>("ScenePlayer", (props) => {
  const { scene, autoplay, initialTimestamp, sendSetTimestamp, onComplete, hideScrubberOverride } = props;
  const wrapper = useRef<HTMLDivElement>(null);
  const sceneId = useRef<string>();
  const [made, setMade] = useState<VideoJsPlayer>();
  const [time, setTime] = useState(0);
  const configuration = useConfiguration()?.interface;
  const file = scene.files[0];

  useEffect(() => {
    if (!wrapper.current) return;
    const player = makePlayer(wrapper.current);
    setMade(player);
    return () => {
      const element = player.el();
      player.dispose();
      element.remove();
      sceneId.current = undefined;
    };
  }, []);

  const player = made?.isDisposed() ? undefined : made;

  // Another scene in the same player.
  useEffect(() => {
    if (!player || scene.id === sceneId.current) return;
    sceneId.current = scene.id;
    const auto = autoplay || (configuration?.autostartVideo ?? false);
    player.pause();
    player.poster(scene.paths.screenshot ?? "");
    player.src(
      file
        ? scene.sceneStreams.map((stream) => ({
            src: stream.url,
            type: stream.mime_type ?? undefined,
            label: stream.label,
          }))
        : [],
    );
    setTime(initialTimestamp);
    if (initialTimestamp > 0) player.currentTime(initialTimestamp);
    if (auto) player.ready(() => void player.play()?.catch(() => undefined));
  }, [player, scene, file, autoplay, initialTimestamp, configuration]);

  // Markers, anew whenever the scene changes: whatever others have added is wiped.
  useEffect(() => {
    if (!player) return;
    const show = () =>
      showMarkers(
        player,
        scene.scene_markers.map((marker) => ({
          title: marker.title || marker.primary_tag.name,
          seconds: marker.seconds,
          end_seconds: marker.end_seconds,
          primaryTag: marker.primary_tag,
        })),
      );
    if (player.readyState() >= 1) show();
    player.on("loadedmetadata", show);
    return () => player.off("loadedmetadata", show);
  }, [player, scene]);

  useEffect(() => {
    if (!player) return;
    const move = () => setTime(player.currentTime());
    player.on("timeupdate", move);
    return () => player.off("timeupdate", move);
  }, [player]);

  // Without a name, as Stash does it: every listener to "ended" goes, whoever added it.
  useEffect(() => {
    if (!player || player.isDisposed()) return;
    player.off("ended");
    player.on("ended", onComplete);
  });

  const seek = useCallback(
    (seconds: number) => {
      if (!player || player.isDisposed()) return;
      if (!player.hasClass("vjs-has-started")) player.play()?.catch(() => undefined);
      player.currentTime(seconds);
    },
    [player],
  );
  useEffect(() => sendSetTimestamp(seek), [sendSetTimestamp, seek]);

  const showScrubber = !hideScrubberOverride && (configuration?.showScrubber ?? true);
  return (
    <div className={`VideoPlayer ${file ? "" : "no-file"} ${file && file.height > file.width ? "portrait" : ""}`}>
      <div className="video-wrapper" ref={wrapper} />
      {file && showScrubber && <Scrubber scene={scene} time={time} onSeek={seek} />}
    </div>
  );
});
