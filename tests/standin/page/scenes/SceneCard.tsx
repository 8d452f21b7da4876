import { faBox, faMapMarkerAlt, faTag, faUser } from "@fortawesome/free-solid-svg-icons";
import React from "react";
import { Button, ButtonGroup } from "react-bootstrap";
import type { SlimScene } from "../graphql/types.ts";
import { patchComponent } from "../plugins/patch.tsx";
import { CardCount } from "../shared/CardCount.tsx";
import { GridCard } from "../shared/GridCard.tsx";
import { Icon } from "../shared/Icon.tsx";
import { PlainLink, TagLink } from "../shared/TagLink.tsx";
import { TruncatedText } from "../shared/TruncatedText.tsx";
import { fileSize, objectTitle, resolution, timestamp } from "../shared/text.ts";
import type { SceneQueue } from "./queue.ts";

export interface SceneCardProps {
  scene: SlimScene;
  width?: number;
  previewHeight?: number;
  index?: number;
  queue?: SceneQueue;
  compact?: boolean;
  selecting?: boolean;
  selected?: boolean;
  zoomIndex?: number;
  onSelectedChanged?: (selected: boolean, shiftKey: boolean) => void;
  fromGroupId?: string;
}

const Popovers = patchComponent<SceneCardProps>("SceneCard.Popovers", ({ scene }) => {
  const { tags, performers, scene_markers: markers, organized } = scene;
  if (!tags.length && !performers.length && !markers.length && !organized) return null;
  return (
    <>
      <hr />
      <ButtonGroup className="card-popovers">
        <CardCount
          icon={faTag}
          count={tags.length}
          className="tag-count"
          content={tags.map((tag) => <TagLink key={tag.id} tag={tag} />)}
        />
        <CardCount
          icon={faUser}
          count={performers.length}
          className="performer-count"
          content={performers.map(({ id, name }) => <PlainLink key={id} to={`/performers/${id}`} text={name} />)}
        />
        <CardCount
          icon={faMapMarkerAlt}
          count={markers.length}
          className="marker-count"
          content={markers.map((marker) => (
            <PlainLink
              key={marker.id}
              to={`/scenes/${scene.id}?t=${marker.seconds}`}
              text={`${marker.title || marker.primary_tag.name} - ${timestamp(marker.seconds)}`}
            />
          ))}
        />
        {organized && (
          <div className="organized">
            <Button className="minimal" title="Organized">
              <Icon icon={faBox} />
            </Button>
          </div>
        )}
      </ButtonGroup>
    </>
  );
});

const Details = patchComponent<SceneCardProps>("SceneCard.Details", ({ scene }) => (
  <div className="scene-card__details">
    <span className="scene-card__date">{scene.date}</span>
    <span className="file-path extra-scene-info">{scene.files[0]?.path}</span>
    <TruncatedText className="scene-card__description" text={scene.details} lineCount={3} />
  </div>
));

const Overlays = patchComponent<SceneCardProps>("SceneCard.Overlays", ({ scene }) => {
  const file = scene.files[0];
  return (
    <>
      {scene.studio && (
        <div className="studio-overlay">
          <a href={`/studios/${scene.studio.id}`}>{scene.studio.name}</a>
        </div>
      )}
      <div className="scene-specs-overlay">
        {file && file.size > 0 && <span className="overlay-filesize extra-scene-info">{fileSize(file.size)}</span>}
        {file && file.width > 0 && <span className="overlay-resolution"> {resolution(file.width, file.height)}</span>}
        {file && file.duration > 0 && <span className="overlay-duration">{timestamp(file.duration)}</span>}
      </div>
      {scene.rating100 !== null && (
        <div className={`rating-banner rating-100-${Math.round(scene.rating100 / 5)}`}>
          {(scene.rating100 / 20).toFixed(1)}
        </div>
      )}
    </>
  );
});

const Image = patchComponent<SceneCardProps>("SceneCard.Image", ({ scene }) => (
  <>
    <div className="scene-card-preview">
      <img className="scene-card-preview-image" loading="lazy" src={scene.paths.screenshot ?? ""} alt="" />
    </div>
    <div className="preview-scrubber" />
  </>
));

export const SceneCard = patchComponent<SceneCardProps>("SceneCard", (props) => {
  const { scene, queue, index } = props;
  const file = scene.files[0];
  return (
    <GridCard
      className={`scene-card zoom-${props.zoomIndex ?? 1} ${file ? "" : "fileless"}`}
      url={queue?.makeLink(scene.id, { index }) ?? `/scenes/${scene.id}`}
      title={objectTitle(scene)}
      width={props.width}
      linkClassName="scene-card-link"
      thumbnailSectionClassName="video-section"
      resumeTime={scene.resume_time}
      duration={file?.duration}
      image={<Image {...props} />}
      overlays={<Overlays {...props} />}
      details={<Details {...props} />}
      popovers={<Popovers {...props} />}
      selected={props.selected}
      selecting={props.selecting}
      onSelectedChanged={props.onSelectedChanged}
    />
  );
});
