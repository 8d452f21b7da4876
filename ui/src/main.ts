/** The table of contents: every feature, each in a file of its own. */
import "./styles/base.css";
import { start } from "./feature.ts";
import { backgroundWrites } from "./features/background-writes.ts";
import { cardBadges } from "./features/card-badges.tsx";
import { forYouPage } from "./features/for-you-page.tsx";
import { imagePanel } from "./features/image-panel.tsx";
import { inbox } from "./features/inbox.tsx";
import { indicator } from "./features/indicator.tsx";
import { listActions } from "./features/list-actions.tsx";
import { navigation } from "./features/navigation.tsx";
import { peoplePage } from "./features/people-page.tsx";
import { playerPeople } from "./features/player-people.tsx";
import { sceneTab } from "./features/scene-tab.tsx";
import { settingsPage } from "./features/settings-page.tsx";
import { similarScenes } from "./features/similar-scenes.tsx";
import { statisticsPage } from "./features/statistics-page.tsx";
import { tasksPage } from "./features/tasks-page.tsx";
import { watchTracker } from "./features/watch-tracker.ts";
import { watchedParts } from "./features/watched-parts.tsx";

start([
  backgroundWrites,
  navigation,
  indicator,
  sceneTab,
  playerPeople,
  cardBadges,
  listActions,
  imagePanel,
  watchedParts,
  similarScenes,
  forYouPage,
  inbox,
  peoplePage,
  statisticsPage,
  tasksPage,
  settingsPage,
  watchTracker,
]);
