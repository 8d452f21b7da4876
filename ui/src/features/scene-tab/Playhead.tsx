import React, { useEffect, useLayoutEffect, useRef } from "react";
import type { Player } from "../../host/pluginApi.ts";
import { followPlayer } from "../../host/usePlayer.ts";
import type { View } from "./view.ts";

interface Props {
  player: Player | undefined;
  view: View;
  /** The time has left what is shown, while it plays. */
  onLeft(at_s: number): void;
}

/** The line at the player's moment. Moved by hand: React would render the timeline with every frame. */
export function Playhead({ player, view, onLeft }: Props) {
  const line = useRef<HTMLDivElement>(null);
  const latest = useRef({ view, onLeft, at_s: -1 });
  latest.current.view = view;
  latest.current.onLeft = onLeft;

  const place = useRef((at_s: number) => {
    if (!line.current) return;
    const { from_s, to_s } = latest.current.view;
    const share = (at_s - from_s) / (to_s - from_s);
    line.current.style.left = `${share * 100}%`;
    line.current.hidden = !(share >= 0 && share <= 1);
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: the line lies elsewhere in another view.
  useLayoutEffect(() => place.current(latest.current.at_s), [view]);

  useEffect(() => {
    if (!player) return;
    return followPlayer(player, (at_s) => {
      const { view, at_s: before } = latest.current;
      latest.current.at_s = at_s;
      place.current(at_s);
      if (!player.paused() && before <= view.to_s && at_s > view.to_s) latest.current.onLeft(at_s);
    });
  }, [player]);

  return (
    <div className="sense-playhead-area" aria-hidden="true">
      <div ref={line} className="sense-playhead" hidden />
    </div>
  );
}
