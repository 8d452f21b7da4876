import { faPlayCircle } from "@fortawesome/free-solid-svg-icons";
import React from "react";
import { ButtonGroup } from "react-bootstrap";
import { Link } from "react-router-dom";
import type { Performer } from "../graphql/types.ts";
import { patchComponent } from "../plugins/patch.tsx";
import { GridCard } from "../shared/GridCard.tsx";
import { Icon } from "../shared/Icon.tsx";
import type { CardState } from "./CardList.tsx";

type PerformerCardProps = { performer: Performer } & Partial<Omit<CardState, "width">> & { cardWidth?: number };

const Popovers = patchComponent<PerformerCardProps>("PerformerCard.Popovers", ({ performer }) =>
  performer.scene_count ? (
    <>
      <hr />
      <ButtonGroup className="card-popovers">
        <Link to={`/scenes?performer=${performer.id}`} className="btn btn-primary minimal">
          <Icon icon={faPlayCircle} />
          <span>{performer.scene_count}</span>
        </Link>
      </ButtonGroup>
    </>
  ) : null,
);

const Details = patchComponent<PerformerCardProps>("PerformerCard.Details", () => null);
const Overlays = patchComponent<PerformerCardProps>("PerformerCard.Overlays", () => null);

const Image = patchComponent<PerformerCardProps>("PerformerCard.Image", ({ performer }) => (
  <img loading="lazy" className="performer-card-image" alt={performer.name} src={performer.image_path ?? ""} />
));

const Title = patchComponent<PerformerCardProps>("PerformerCard.Title", ({ performer }) => (
  <div>
    <span className="performer-name">{performer.name}</span>
    {performer.disambiguation && <span className="performer-disambiguation"> ({performer.disambiguation})</span>}
  </div>
));

export const PerformerCard = patchComponent<PerformerCardProps>("PerformerCard", (props) => (
  <GridCard
    className={`performer-card zoom-${props.zoomIndex ?? 1}`}
    url={`/performers/${props.performer.id}`}
    width={props.cardWidth}
    title={<Title {...props} />}
    image={<Image {...props} />}
    details={<Details {...props} />}
    overlays={<Overlays {...props} />}
    popovers={<Popovers {...props} />}
    selected={props.selected}
    selecting={props.selecting}
    onSelectedChanged={props.onSelectedChanged}
  />
));
