import { faClock, faCog, faExclamationTriangle, faEye, type IconDefinition } from "@fortawesome/free-solid-svg-icons";
import React, { type MouseEvent } from "react";
import { Link } from "react-router-dom";
import type { StashProps } from "../../host/pluginApi.ts";
import type { MediaState } from "../../schemas/analysis.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useMediaState } from "../../shared/useMediaState.ts";
import { useText } from "../../text/text.ts";

/** Calm where nothing is to be done. Not Stash's badge-secondary: that is as light as many a picture. */
const CALM = "bg-secondary text-white";
const LOOKS: Record<MediaState, { icon: IconDefinition; colour: string }> = {
  analysed: { icon: faEye, colour: CALM },
  pending: { icon: faClock, colour: CALM },
  running: { icon: faCog, colour: "badge-primary" },
  failed: { icon: faExclamationTriangle, colour: "badge-danger" },
};

interface Props {
  kind: "scene" | "gallery";
  id: number;
  /** Of Stash's card: what a click does while cards are being selected. */
  card: StashProps;
}

const PATHS = { scene: "/scenes", gallery: "/galleries" } as const;

/** What Stash Sense knows of a card's medium; nothing where it knows nothing. */
export function Badge({ kind, id, card }: Props) {
  const { t, number } = useText();
  const { state, waiting } = useMediaState(kind, id);
  if (!state) return null;
  const { icon, colour } = LOOKS[state];
  const words = t(`badge.${state}`, { waiting });
  // It lies over the card's own link, so it does what that would do.
  const onClick = (event: MouseEvent) => {
    if (!card.selecting || !card.onSelectedChanged) return;
    event.preventDefault();
    card.onSelectedChanged(!card.selected, event.shiftKey);
  };
  const raised = card.scene?.interactive_speed ? "sense-card-badge-raised" : "";
  return (
    <span className="sense-card-badge-place">
      <Link
        to={`${PATHS[kind]}/${id}`}
        tabIndex={-1}
        title={words}
        aria-label={words}
        className={`sense-card-badge ${raised} badge ${waiting > 0 && state === "analysed" ? "badge-primary" : colour}`}
        onClick={onClick}
      >
        <Icon icon={icon} className={state === "running" ? "fa-spin" : ""} />
        {waiting > 0 && <span>{number(waiting)}</span>}
      </Link>
    </span>
  );
}
