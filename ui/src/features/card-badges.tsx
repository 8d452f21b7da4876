/** What Stash Sense knows of each scene and gallery, on their cards. */
import "./card-badges.css";
import React from "react";
import type { Feature } from "../feature.ts";
import { addAfter } from "../host/patch.ts";
import type { StashProps } from "../host/pluginApi.ts";
import { ErrorBoundary } from "../shared/ErrorBoundary.tsx";
import { usePreference } from "../shared/preferences.ts";
import { keepFresh } from "../shared/useMediaState.ts";
import { Badge } from "./card-badges/Badge.tsx";

const id = "card-badges";

/** Images have no such place: Stash's ImageCard has no Overlays. */
const CARDS = { "SceneCard.Overlays": "scene", "GalleryCard.Overlays": "gallery" } as const;

function Switchable({ kind, card }: { kind: "scene" | "gallery"; card: StashProps }) {
  const [on] = usePreference("badges");
  const medium = Number(card[kind]?.id);
  return on && Number.isSafeInteger(medium) && medium > 0 ? <Badge kind={kind} id={medium} card={card} /> : null;
}

export const cardBadges: Feature = {
  id,
  init(signal) {
    for (const [name, kind] of Object.entries(CARDS)) {
      addAfter(name, id, signal, (card) => (
        <ErrorBoundary feature={id}>
          <Switchable kind={kind} card={card} />
        </ErrorBoundary>
      ));
    }
    keepFresh(signal);
  },
};
