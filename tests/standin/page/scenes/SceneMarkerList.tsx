import React from "react";
import { FindSceneMarkersDocument } from "../graphql/documents.ts";
import type { Marker } from "../graphql/types.ts";
import { patchComponent } from "../plugins/patch.tsx";
import { GridCard } from "../shared/GridCard.tsx";
import { TagLink } from "../shared/TagLink.tsx";
import { range } from "../shared/text.ts";
import { CardList, type CardState } from "../things/CardList.tsx";

type MarkerCardProps = { marker: Marker } & Partial<Omit<CardState, "width">> & { cardWidth?: number };

const Popovers = patchComponent<MarkerCardProps>("SceneMarkerCard.Popovers", () => null);

const Details = patchComponent<MarkerCardProps>("SceneMarkerCard.Details", ({ marker }) => (
  <div className="scene-marker-card__details">
    <span className="scene-marker-card__time">{range(marker.seconds, marker.end_seconds)}</span>
    <div>
      <TagLink tag={marker.primary_tag} linkType="scene_marker" />
    </div>
  </div>
));

const Image = patchComponent<MarkerCardProps>("SceneMarkerCard.Image", ({ marker }) => (
  <div className="scene-card-preview">
    <img className="scene-card-preview-image" loading="lazy" alt="" src={marker.screenshot} />
  </div>
));

export const SceneMarkerCard = patchComponent<MarkerCardProps>("SceneMarkerCard", (props) => (
  <GridCard
    className={`scene-marker-card zoom-${props.zoomIndex ?? 1}`}
    url={`/scenes/${props.marker.scene.id}?t=${props.marker.seconds}`}
    title={props.marker.title || props.marker.primary_tag.name}
    width={props.cardWidth}
    linkClassName="scene-marker-card-link"
    thumbnailSectionClassName="video-section"
    image={<Image {...props} />}
    details={<Details {...props} />}
    popovers={<Popovers {...props} />}
    selected={props.selected}
    selecting={props.selecting}
    onSelectedChanged={props.onSelectedChanged}
  />
));

export const SceneMarkerList = patchComponent("SceneMarkerList", () => (
  <CardList<Marker>
    className="scene-marker-list"
    document={FindSceneMarkersDocument}
    variables={({ tag }) => ({
      scene_marker_filter: tag ? { tags: { value: [tag], modifier: "INCLUDES" } } : {},
    })}
    read={({ findSceneMarkers }) =>
      findSceneMarkers && {
        count: findSceneMarkers.count,
        items: (findSceneMarkers as unknown as { scene_markers: Marker[] }).scene_markers,
      }
    }
    sorts={["title", "seconds", "created_at", "updated_at", "random"]}
    widths_px={[240, 340, 480, 640]}
    card={(marker, { width, ...state }) => (
      <SceneMarkerCard key={marker.id} marker={marker} cardWidth={width} {...state} />
    )}
  />
));
