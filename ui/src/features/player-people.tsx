/** In the player: who is this, and who is on screen. */
import "./player-people/player-people.css";
import React from "react";
import type { Feature } from "../feature.ts";
import { addChild } from "../host/patch.ts";
import type { StashProps } from "../host/pluginApi.ts";
import { ErrorBoundary } from "../shared/ErrorBoundary.tsx";
import { InPlayer } from "./player-people/InPlayer.tsx";

const id = "player-people";

/** Nothing of it is where it is put: all of it goes into the player. */
function parts({ scene }: StashProps) {
  const scene_id = Number(scene?.id);
  if (!Number.isInteger(scene_id)) return null;
  return (
    <ErrorBoundary key={`${id}-${scene_id}`} feature={id}>
      <InPlayer scene_id={scene_id} />
    </ErrorBoundary>
  );
}

export const playerPeople: Feature = {
  id,
  init(signal) {
    addChild("ScenePage.TabContent", id, signal, parts);
  },
};
