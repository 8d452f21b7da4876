/** Every part of the page that arrives later. What it registers is in PluginApi.components only then. */
import { chunk } from "../shared/chunk.ts";

export const loaders = {
  FrontPage: chunk(() => import("../things/FrontPage.tsx")),
  Scenes: chunk(() => import("../scenes/Scenes.tsx")),
  SceneList: chunk(() => import("../scenes/SceneList.tsx")),
  SceneMarkerList: chunk(() => import("../scenes/SceneMarkerList.tsx")),
  ScenePage: chunk(() => import("../scenes/SceneLoader.tsx"), 200),
  // The player is Stash's largest part, and arrives last.
  ScenePlayer: chunk(() => import("../player/ScenePlayer.tsx"), 500),
  SceneCard: chunk(() => import("../scenes/SceneCard.tsx")),
  SceneMarkersPanel: chunk(() => import("../scenes/panels/MarkersPanel.tsx")),
  SceneFileInfoPanel: chunk(() => import("../scenes/panels/FileInfoPanel.tsx")),
  SceneEditPanel: chunk(() => import("../scenes/panels/EditPanel.tsx")),
  Images: chunk(() => import("../things/Images.tsx")),
  Galleries: chunk(() => import("../things/Galleries.tsx")),
  Performers: chunk(() => import("../things/Performers.tsx")),
  Studios: chunk(() => import("../things/Studios.tsx")),
  Tags: chunk(() => import("../things/Tags.tsx")),
  Stats: chunk(() => import("../things/Stats.tsx")),
  Settings: chunk(() => import("../settings/Settings.tsx")),
  GenerateDialog: chunk(() => import("../settings/GenerateDialog.tsx")),
  TagLink: chunk(() => import("../shared/TagLink.tsx")),
  PerformerSelect: chunk(() => import("../shared/PerformerSelect.tsx")),
};
