import { useQuery } from "@apollo/client";
import React from "react";
import { FindScenesDocument } from "../graphql/documents.ts";
import type { SlimScene } from "../graphql/types.ts";
import { SceneGrid } from "../scenes/SceneGrid.tsx";
import { LoadingIndicator } from "../shared/LoadingIndicator.tsx";

const FILTER = { page: 1, per_page: 40, sort: "date", direction: "DESC" };

/** The scenes that a tag or a performer has. */
export function ScenesOf({ criterion }: { criterion: Record<string, unknown> }) {
  const { data } = useQuery<{ findScenes: { scenes: SlimScene[] } }>(FindScenesDocument, {
    variables: { filter: FILTER, scene_filter: criterion },
  });
  return data ? <SceneGrid scenes={data.findScenes.scenes} zoomIndex={1} /> : <LoadingIndicator />;
}
