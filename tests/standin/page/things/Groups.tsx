import React from "react";
import { Route, Switch } from "react-router-dom";
import { FindGroupsDocument } from "../graphql/documents.ts";
import { patchComponent } from "../plugins/patch.tsx";
import { GridCard } from "../shared/GridCard.tsx";
import { CardList, type CardState } from "./CardList.tsx";

interface Group {
  id: string;
  name: string;
  front_image_path: string | null;
}

type GroupCardProps = { group: Group } & Partial<Omit<CardState, "width">> & { cardWidth?: number };

export const GroupCard = patchComponent<GroupCardProps>("GroupCard", ({ group, cardWidth, zoomIndex, ...state }) => (
  <GridCard
    className={`group-card zoom-${zoomIndex ?? 1}`}
    url={`/groups/${group.id}`}
    width={cardWidth}
    title={group.name}
    image={<img loading="lazy" className="group-card-image" alt={group.name} src={group.front_image_path ?? ""} />}
    {...state}
  />
));

export const GroupList = patchComponent("GroupList", () => (
  <CardList<Group>
    className="group-list"
    document={FindGroupsDocument}
    variables={() => ({})}
    read={({ findGroups }) =>
      findGroups && { count: findGroups.count, items: (findGroups as unknown as { groups: Group[] }).groups }
    }
    sorts={["name"]}
    widths_px={[210, 250, 300, 375]}
    card={(group, { width, ...state }) => <GroupCard key={group.id} group={group} cardWidth={width} {...state} />}
  />
));

export function Groups() {
  return (
    <Switch>
      <Route exact path="/groups" component={GroupList} />
    </Switch>
  );
}
