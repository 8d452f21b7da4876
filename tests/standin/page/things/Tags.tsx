import { faImage, faMapMarkerAlt, faPlayCircle } from "@fortawesome/free-solid-svg-icons";
import React from "react";
import { ButtonGroup } from "react-bootstrap";
import { Link, Route, type RouteComponentProps, Switch } from "react-router-dom";
import { FindTagDocument, FindTagsDocument } from "../graphql/documents.ts";
import type { Tag } from "../graphql/types.ts";
import { patchComponent } from "../plugins/patch.tsx";
import { GridCard } from "../shared/GridCard.tsx";
import { Icon } from "../shared/Icon.tsx";
import { TruncatedText } from "../shared/TruncatedText.tsx";
import { CardList, type CardState } from "./CardList.tsx";
import { Detail, DetailHeader, DetailItem } from "./Detail.tsx";
import { ScenesOf } from "./ScenesOf.tsx";

type TagCardProps = { tag: Tag } & Partial<Omit<CardState, "width">> & { cardWidth?: number };

const Popovers = patchComponent<TagCardProps>("TagCard.Popovers", ({ tag }) => (
  <>
    <hr />
    <ButtonGroup className="card-popovers">
      {[
        { icon: faPlayCircle, count: tag.scene_count, to: `/scenes?tag=${tag.id}` },
        { icon: faImage, count: tag.image_count, to: `/images?tag=${tag.id}` },
        { icon: faMapMarkerAlt, count: tag.scene_marker_count, to: `/scenes/markers?tag=${tag.id}` },
      ].map(({ icon, count, to }) =>
        count ? (
          <Link key={to} to={to} className="btn btn-primary minimal">
            <Icon icon={icon} />
            <span>{count}</span>
          </Link>
        ) : null,
      )}
    </ButtonGroup>
  </>
));

const Details = patchComponent<TagCardProps>("TagCard.Details", ({ tag }) => (
  <>
    <TruncatedText className="tag-description" text={tag.description} lineCount={3} />
    {(tag.parents?.length ?? 0) > 0 && (
      <div className="tag-parent-tags">Sub-tag of {tag.parents?.map((parent) => parent.name).join(", ")}</div>
    )}
  </>
));

const Overlays = patchComponent<TagCardProps>("TagCard.Overlays", () => null);

const Image = patchComponent<TagCardProps>("TagCard.Image", ({ tag }) => (
  <img loading="lazy" className="tag-card-image" alt={tag.name} src={tag.image_path ?? ""} />
));

const Title = patchComponent<TagCardProps>("TagCard.Title", ({ tag }) => <>{tag.name}</>);

export const TagCard = patchComponent<TagCardProps>("TagCard", (props) => (
  <GridCard
    className={`tag-card zoom-${props.zoomIndex ?? 1}`}
    url={`/tags/${props.tag.id}`}
    width={props.cardWidth}
    title={<Title {...props} />}
    linkClassName="tag-card-header"
    image={<Image {...props} />}
    details={<Details {...props} />}
    overlays={<Overlays {...props} />}
    popovers={<Popovers {...props} />}
    selected={props.selected}
    selecting={props.selecting}
    onSelectedChanged={props.onSelectedChanged}
  />
));

export const TagList = patchComponent("TagList", () => (
  <CardList<Tag>
    className="tag-list"
    document={FindTagsDocument}
    variables={() => ({})}
    read={({ findTags }) => findTags && { count: findTags.count, items: (findTags as unknown as { tags: Tag[] }).tags }}
    sorts={["name", "scenes_count", "created_at", "updated_at"]}
    card={(tag, { width, ...state }) => <TagCard key={tag.id} tag={tag} cardWidth={width} {...state} />}
  />
));

function TagPage({ match }: RouteComponentProps<{ id: string }>) {
  const { id } = match.params;
  return (
    <Detail<Tag> id={id} document={FindTagDocument} field="findTag">
      {(tag) => (
        <div id="tag-page" className="row">
          <DetailHeader title={tag.name} image={tag.image_path}>
            <DetailItem id="description" title="Description" value={tag.description} />
            <DetailItem id="aliases" title="Aliases" value={tag.aliases.join(", ")} />
          </DetailHeader>
          <div className="detail-body">
            <ScenesOf criterion={{ tags: { value: [id], modifier: "INCLUDES_ALL" } }} />
          </div>
        </div>
      )}
    </Detail>
  );
}

export function Tags() {
  return (
    <Switch>
      <Route exact path="/tags" component={TagList} />
      <Route path="/tags/:id" component={TagPage} />
    </Switch>
  );
}
