import { faPlayCircle } from "@fortawesome/free-solid-svg-icons";
import React from "react";
import { ButtonGroup } from "react-bootstrap";
import { Link, Route, type RouteComponentProps, Switch } from "react-router-dom";
import { FindPerformerDocument, FindPerformersDocument } from "../graphql/documents.ts";
import type { Performer } from "../graphql/types.ts";
import { patchComponent } from "../plugins/patch.tsx";
import { GridCard } from "../shared/GridCard.tsx";
import { Icon } from "../shared/Icon.tsx";
import { TagLink } from "../shared/TagLink.tsx";
import { CardList, type CardState } from "./CardList.tsx";
import { Detail, DetailHeader, DetailItem } from "./Detail.tsx";
import { ScenesOf } from "./ScenesOf.tsx";

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

export const PerformerList = patchComponent("PerformerList", () => (
  <CardList<Performer>
    className="performer-list"
    document={FindPerformersDocument}
    variables={({ tag }) => ({
      performer_filter: tag ? { tags: { value: [tag], modifier: "INCLUDES_ALL" } } : {},
    })}
    read={({ findPerformers }) =>
      findPerformers && {
        count: findPerformers.count,
        items: (findPerformers as unknown as { performers: Performer[] }).performers,
      }
    }
    sorts={["name", "scenes_count", "created_at"]}
    widths_px={[240, 300, 375, 470]}
    card={(performer, { width, ...state }) => (
      <PerformerCard key={performer.id} performer={performer} cardWidth={width} {...state} />
    )}
  />
));

export const PerformerPage = patchComponent<{ performer: Performer }>("PerformerPage", ({ performer }) => (
  <div id="performer-page" className="row">
    <DetailHeader title={performer.name} image={performer.image_path}>
      <DetailItem id="aliases" title="Aliases" value={performer.alias_list.join(", ")} />
      <DetailItem
        id="tags"
        title="Tags"
        value={(performer.tags?.length ?? 0) > 0 && performer.tags?.map((tag) => <TagLink key={tag.id} tag={tag} />)}
      />
    </DetailHeader>
    <div className="detail-body">
      <ScenesOf criterion={{ performers: { value: [performer.id], modifier: "INCLUDES_ALL" } }} />
    </div>
  </div>
));

function PerformerLoader({ match }: RouteComponentProps<{ id: string }>) {
  return (
    <Detail<Performer> id={match.params.id} document={FindPerformerDocument} field="findPerformer">
      {(performer) => <PerformerPage performer={performer} />}
    </Detail>
  );
}

export function Performers() {
  return (
    <Switch>
      <Route exact path="/performers" component={PerformerList} />
      <Route path="/performers/:id" component={PerformerLoader} />
    </Switch>
  );
}
