import React from "react";
import { Route, Switch } from "react-router-dom";
import { FindStudiosDocument } from "../graphql/documents.ts";
import type { Studio } from "../graphql/types.ts";
import { patchComponent } from "../plugins/patch.tsx";
import { GridCard } from "../shared/GridCard.tsx";
import { CardList, type CardState } from "./CardList.tsx";

type StudioCardProps = { studio: Studio } & Partial<Omit<CardState, "width">> & { cardWidth?: number };

export const StudioCard = patchComponent<StudioCardProps>(
  "StudioCard",
  ({ studio, cardWidth, zoomIndex, ...state }) => (
    <GridCard
      className={`studio-card zoom-${zoomIndex ?? 1}`}
      url={`/scenes?studio=${studio.id}`}
      width={cardWidth}
      title={studio.name}
      image={<img loading="lazy" className="studio-card-image" alt={studio.name} src={studio.image_path ?? ""} />}
      {...state}
    />
  ),
);

export const StudioList = patchComponent("StudioList", () => (
  <CardList<Studio>
    className="studio-list"
    document={FindStudiosDocument}
    variables={() => ({})}
    read={({ findStudios }) =>
      findStudios && { count: findStudios.count, items: (findStudios as unknown as { studios: Studio[] }).studios }
    }
    sorts={["name", "scenes_count"]}
    card={(studio, { width, ...state }) => <StudioCard key={studio.id} studio={studio} cardWidth={width} {...state} />}
  />
));

export function Studios() {
  return (
    <Switch>
      <Route exact path="/studios" component={StudioList} />
    </Switch>
  );
}
