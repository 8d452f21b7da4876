/** A card of a list: a picture with things over it, words below, counts at its foot. */
import React, { type ReactNode } from "react";
import { Card, Form } from "react-bootstrap";
import { Link } from "react-router-dom";
import { patchComponent } from "../plugins/patch.tsx";
import { TruncatedText } from "./TruncatedText.tsx";

export interface GridCardProps {
  className?: string;
  linkClassName?: string;
  thumbnailSectionClassName?: string;
  width?: number;
  url: string;
  title: ReactNode;
  image: ReactNode;
  details?: ReactNode;
  overlays?: ReactNode;
  popovers?: ReactNode;
  selecting?: boolean;
  selected?: boolean;
  onSelectedChanged?: (selected: boolean, shiftKey: boolean) => void;
  resumeTime?: number | null;
  duration?: number;
}

export const GridCard = patchComponent<GridCardProps>("GridCard", (props) => {
  const { selecting, selected, onSelectedChanged, resumeTime, duration } = props;
  const select = (event: React.MouseEvent) => {
    if (!selecting) return;
    onSelectedChanged?.(!selected, event.shiftKey);
    event.preventDefault();
  };
  const seen = resumeTime && duration ? (100 * resumeTime) / duration : 0;
  return (
    <Card
      className={`${props.className ?? ""} grid-card`}
      onClick={select}
      style={props.width ? { width: `${props.width}px` } : {}}
    >
      {onSelectedChanged && (
        <Form.Control
          type="checkbox"
          className="card-check mousetrap"
          checked={!!selected}
          onChange={() => undefined}
          onClick={(event: React.MouseEvent) => {
            onSelectedChanged(!selected, event.shiftKey);
            event.stopPropagation();
          }}
        />
      )}
      <div className={`${props.thumbnailSectionClassName ?? ""} thumbnail-section`}>
        <Link to={props.url} className={props.linkClassName} onClick={select}>
          {props.image}
        </Link>
        {props.overlays}
        {seen > 0 && (
          <div title={`${Math.round(seen)}%`} className="progress-bar">
            <div style={{ width: `${seen}%` }} className="progress-indicator" />
          </div>
        )}
      </div>
      <div className="card-section">
        <Link to={props.url} onClick={select}>
          <h5 className="card-section-title flex-aligned">
            <TruncatedText text={props.title} lineCount={2} />
          </h5>
        </Link>
        {props.details}
      </div>
      {props.popovers}
    </Card>
  );
});
