import React from "react";
import { Route, type RouteComponentProps, Switch } from "react-router-dom";
import { FindPerformerDocument, FindPerformersDocument } from "../graphql/documents.ts";
import type { Performer } from "../graphql/types.ts";
import { patchComponent } from "../plugins/patch.tsx";
import { TagLink } from "../shared/TagLink.tsx";
import { CardList } from "./CardList.tsx";
import { Detail, DetailHeader, DetailItem } from "./Detail.tsx";
import { PerformerCard } from "./PerformerCard.tsx";
import { ScenesOf } from "./ScenesOf.tsx";

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
