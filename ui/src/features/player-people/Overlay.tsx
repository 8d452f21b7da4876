import React, { useEffect, useMemo, useRef } from "react";
import type { Player } from "../../host/pluginApi.ts";
import { followFrames } from "../../host/usePlayer.ts";
import { nameOfPerson, peopleOf } from "../../shared/people/seen.ts";
import { useOperation } from "../../shared/useOperation.ts";
import { useRefreshed } from "../../shared/useRefreshed.ts";
import { useText } from "../../text/text.ts";
import { toPixels } from "./geometry.ts";
import { boxAt } from "./onScreen.ts";
import { pictureOf, watchPicture } from "./useVideoRect.ts";

interface Props {
  player: Player;
  scene_id: number;
}

/** Names over the faces that are on screen. Drawn by hand: React would render with every frame. */
export function Overlay({ player, scene_id }: Props) {
  const text = useText();
  const medium = { kind: "scene", id: scene_id } as const;
  const seen = useOperation("people.medium", medium);
  const { data } = useOperation("people.on_screen", medium);
  useRefreshed(medium, seen.reload);
  const area = useRef<HTMLDivElement>(null);
  const labels = useMemo(() => {
    const people = peopleOf(seen.data?.tracks ?? []);
    return people.flatMap((person) => {
      const name = nameOfPerson(text, person);
      const shown = person.recognised === "maybe" ? text.t("player.maybe", { name }) : name;
      return person.tracks.map((track) => ({ track, name: shown, kind: person.recognised }));
    });
  }, [seen.data, text]);

  useEffect(() => {
    const own = area.current;
    if (!own || !data) return;
    const marks = new Map(data.marks.map((one) => [one.track_id, one]));
    const tracks = labels.flatMap(({ track, name, kind }) => {
      const found = marks.get(track.id);
      return found ? [{ found, spans: track.spans, element: label(name, kind) }] : [];
    });
    let picture = pictureOf(player);
    const show = (at_s: number) => {
      for (const { found, spans, element } of tracks) {
        const box = picture && boxAt(found, spans, at_s, player.paused());
        if (!box || !picture) {
          element.remove();
          continue;
        }
        const { left, top, width, height } = toPixels(box, picture);
        Object.assign(element.style, {
          transform: `translate(${left}px, ${top}px)`,
          width: `${width}px`,
          height: `${height}px`,
        });
        if (!element.parentElement) own.append(element);
      }
    };
    const endWatching = watchPicture(player, () => {
      picture = pictureOf(player);
      show(player.currentTime());
    });
    const endFollowing = followFrames(player, show);
    return () => {
      endFollowing();
      endWatching();
      for (const { element } of tracks) element.remove();
    };
  }, [player, data, labels]);

  return <div ref={area} className="sense-on-screen" aria-hidden="true" />;
}

function label(name: string, kind: string): HTMLElement {
  const box = document.createElement("div");
  box.className = `sense-on-screen-face sense-${kind}`;
  const words = document.createElement("span");
  words.textContent = name;
  box.append(words);
  return box;
}
