/** Every part of the page that arrives later. What it registers is in PluginApi.components only then. */
import { chunk } from "../shared/chunk.ts";

/** PluginApi.loadableComponents: names as in Stash, which has some more. */
export const loaders = {
  FrontPage: chunk(() => import("../things/FrontPage.tsx")),
  Galleries: chunk(() => import("../things/Galleries.tsx")),
  GenerateDialog: chunk(() => import("../settings/GenerateDialog.tsx")),
  Groups: chunk(() => import("../things/Groups.tsx")),
  Images: chunk(() => import("../things/Images.tsx")),
  PerformerCard: chunk(() => import("../things/PerformerCard.tsx")),
  PerformerSelect: chunk(() => import("../shared/PerformerSelect.tsx")),
  Performers: chunk(() => import("../things/Performers.tsx")),
  QueueViewer: chunk(() => import("../scenes/panels/QueuePanel.tsx")),
  Scene: chunk(() => import("../scenes/SceneLoader.tsx"), 200),
  SceneCard: chunk(() => import("../scenes/SceneCard.tsx")),
  SceneDetailPanel: chunk(() => import("../scenes/panels/DetailsPanel.tsx")),
  SceneFileInfoPanel: chunk(() => import("../scenes/panels/FileInfoPanel.tsx")),
  SceneHistoryPanel: chunk(() => import("../scenes/panels/HistoryPanel.tsx")),
  SceneList: chunk(() => import("../scenes/SceneList.tsx")),
  SceneMarkerList: chunk(() => import("../scenes/SceneMarkerList.tsx")),
  SceneMarkersPanel: chunk(() => import("../scenes/panels/MarkersPanel.tsx")),
  // The player is Stash's largest part, and arrives last.
  ScenePlayer: chunk(() => import("../player/ScenePlayer.tsx"), 500),
  SceneVideoFilterPanel: chunk(() => import("../scenes/panels/FilterPanel.tsx")),
  Scenes: chunk(() => import("../scenes/Scenes.tsx")),
  Settings: chunk(() => import("../settings/Settings.tsx")),
  Stats: chunk(() => import("../things/Stats.tsx")),
  Studios: chunk(() => import("../things/Studios.tsx")),
  TagLink: chunk(() => import("../shared/TagLink.tsx")),
  Tags: chunk(() => import("../things/Tags.tsx")),
};

/** Not for plugins. */
export const loadEditPanel = chunk(() => import("../scenes/panels/EditPanel.tsx"));
