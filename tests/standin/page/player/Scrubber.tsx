/** The strip of pictures below the player. It slides; the middle is now. */
import React, { useEffect, useState } from "react";
import type { Scene } from "../graphql/types.ts";
import { useSpriteInfo } from "../shared/useSpriteInfo.ts";

interface Props {
  scene: Scene;
  time: number;
  onSeek: (seconds: number) => void;
}

const TAG_PX = 10;

export function Scrubber({ scene, time, onSeek }: Props) {
  const duration = scene.files[0]?.duration ?? 0;
  const sprites = useSpriteInfo(scene.paths.vtt ?? undefined) ?? [];
  const [content, setContent] = useState<HTMLDivElement | null>(null);
  const [half, setHalf] = useState(0);
  useEffect(() => setHalf((content?.clientWidth ?? 0) / 2), [content]);

  const width = sprites.reduce((sum, sprite) => sum + sprite.w, 0) || half * 2;
  const at = (seconds: number) => (duration ? (seconds / duration) * width : 0);
  const seek = (event: React.MouseEvent<HTMLDivElement>) => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    onSeek((x / width) * duration);
  };
  return (
    <div className="scrubber-wrapper">
      <div
        id="scrubber-position-indicator"
        style={{ transform: `translateX(${duration ? (100 * time) / duration : 0}%)` }}
      />
      <div className="scrubber-content" ref={setContent}>
        <div className="scrubber-tags-background" />
        <div className="scrubber-center" />
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the player's own bar does the same by keyboard. */}
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: as above. */}
        <div
          className="scrubber-slider"
          style={{ width, transform: `translateX(${half - at(time)}px)` }}
          onClick={seek}
        >
          <div className="scrubber-tags">
            {scene.scene_markers.map((marker) => (
              <div
                key={marker.id}
                className="scrubber-tag"
                style={{
                  left: at(marker.seconds),
                  width: Math.max(TAG_PX, at((marker.end_seconds ?? 0) - marker.seconds)),
                }}
              >
                {marker.title || marker.primary_tag.name}
              </div>
            ))}
          </div>
          {sprites.map((sprite) => (
            <div
              key={sprite.start}
              className="scrubber-item"
              style={{
                width: sprite.w,
                height: sprite.h,
                backgroundImage: `url("${sprite.url}")`,
                backgroundPosition: `-${sprite.x}px -${sprite.y}px`,
              }}
            />
          ))}
        </div>
      </div>
    </div>
  );
}
