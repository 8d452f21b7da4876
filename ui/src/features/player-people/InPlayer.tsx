import { faUsersViewfinder, faUserTag } from "@fortawesome/free-solid-svg-icons";
import Mousetrap from "mousetrap";
import React, { useEffect, useMemo, useRef, useState } from "react";
import { createPortal } from "react-dom";
import type { Player } from "../../host/pluginApi.ts";
import { usePlayer } from "../../host/usePlayer.ts";
import { Icon } from "../../shared/Icon.tsx";
import { FacePicturesContext, useMadeFacePictures } from "../../shared/people/pictures.ts";
import { usePreference } from "../../shared/preferences.ts";
import { useText } from "../../text/text.ts";
import { Asking } from "./Asking.tsx";
import { Overlay } from "./Overlay.tsx";

/** Keys that Stash leaves free on a scene's page, and that the scene's tab does not take. */
const KEYS = { ask: "shift+w", onScreen: "shift+b" } as const;

export function InPlayer({ scene_id }: { scene_id: number }) {
  const player = usePlayer();
  const pictures = useMadeFacePictures();
  if (!player) return null;
  return (
    <FacePicturesContext.Provider value={pictures}>
      <Parts player={player} scene_id={scene_id} />
    </FacePicturesContext.Provider>
  );
}

function Parts({ player, scene_id }: { player: Player; scene_id: number }) {
  const { t } = useText();
  const [isAsking, setAsking] = useState(false);
  const [isOn, setOn] = usePreference("on_screen");
  const strip = useMount(player, ".vjs-control-bar", "sense-player-strip", ".vjs-fullscreen-control");
  const layer = useMount(player, undefined, "sense-player-layer", ".vjs-control-bar");
  const ask = () => {
    if (player.isDisposed()) return;
    player.pause();
    setAsking(true);
  };
  const latest = useRef({ ask, turn: () => setOn(!isOn) });
  latest.current = { ask, turn: () => setOn(!isOn) };
  useEffect(() => {
    const isFree = ({ target }: Event) => !(target instanceof Element && target.closest(".modal"));
    Mousetrap.bind(KEYS.ask, (event) => {
      if (isFree(event)) latest.current.ask();
    });
    Mousetrap.bind(KEYS.onScreen, (event) => {
      if (isFree(event)) latest.current.turn();
    });
    return () => {
      Mousetrap.unbind(KEYS.ask);
      Mousetrap.unbind(KEYS.onScreen);
    };
  }, []);

  return (
    <>
      {strip &&
        createPortal(
          <>
            <button
              type="button"
              className="vjs-control vjs-button"
              aria-label={t("player.who")}
              title={t("player.who.key", { key: "W" })}
              onClick={ask}
            >
              <Icon icon={faUserTag} />
            </button>
            <button
              type="button"
              className="vjs-control vjs-button"
              aria-pressed={isOn}
              aria-label={t("player.on_screen")}
              title={t("player.on_screen.key", { key: "B" })}
              onClick={() => setOn(!isOn)}
            >
              <Icon icon={faUsersViewfinder} />
            </button>
          </>,
          strip,
        )}
      {layer &&
        createPortal(
          <>
            {isOn && <Overlay player={player} scene_id={scene_id} />}
            {isAsking && <Asking player={player} scene_id={scene_id} onClose={() => setAsking(false)} />}
          </>,
          layer,
        )}
    </>
  );
}

/** An element of ours in the player, before another of its own, while the component is there. */
function useMount(player: Player, within: string | undefined, className: string, before: string) {
  const element = useMemo(() => {
    const made = document.createElement("div");
    made.className = className;
    return made;
  }, [className]);
  const [isThere, setThere] = useState(false);
  useEffect(() => {
    const root = player.isDisposed() ? null : player.el();
    const parent = within ? root?.querySelector(within) : root;
    if (!parent) return;
    const next = parent.querySelector(`:scope > ${before}`);
    parent.insertBefore(element, next);
    setThere(true);
    return () => element.remove();
  }, [player, within, before, element]);
  return isThere ? element : undefined;
}
