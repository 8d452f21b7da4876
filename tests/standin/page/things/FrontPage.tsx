import { useQuery } from "@apollo/client";
import React from "react";
import { Link } from "react-router-dom";
import { FindScenesDocument } from "../graphql/documents.ts";
import type { SlimScene } from "../graphql/types.ts";
import { patchComponent } from "../plugins/patch.tsx";
import { SceneGrid } from "../scenes/SceneGrid.tsx";
import { LoadingIndicator } from "../shared/LoadingIndicator.tsx";

const VARIABLES = { filter: { page: 1, per_page: 25, sort: "created_at", direction: "DESC" } };

export const FrontPage = patchComponent("FrontPage", () => {
  const { data } = useQuery<{ findScenes: { scenes: SlimScene[] } }>(FindScenesDocument, { variables: VARIABLES });
  if (!data) return <LoadingIndicator />;
  return (
    <div className="recommendations-container">
      <div className="recommendation-row scene-recommendations">
        <div className="recommendation-row-head">
          <div>
            <h2>Recently Added Scenes</h2>
          </div>
          <Link to="/scenes?sortby=created_at&sortdir=desc">View All</Link>
        </div>
        <SceneGrid scenes={data.findScenes.scenes} zoomIndex={0} />
      </div>
    </div>
  );
});
