/** What of a scene was watched, and how often: in its tab. */
import "../shared/recommend/recommend.css";
import "./watched-parts.css";
import type { Feature } from "../feature.ts";
import { addSceneSection } from "../shared/sceneSections.tsx";
import { Watched } from "./watched-parts/Watched.tsx";

const id = "watched-parts";

export const watchedParts: Feature = {
  id,
  init(signal) {
    addSceneSection(id, signal, Watched);
  },
};
