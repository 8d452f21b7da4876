/** Scenes like the one that is open: in its tab, whether it was analysed or not. */
import "../shared/recommend/recommend.css";
import "./similar-scenes.css";
import type { Feature } from "../feature.ts";
import { addSceneSection } from "../shared/sceneSections.tsx";
import { Similar } from "./similar-scenes/Similar.tsx";

const id = "similar-scenes";

export const similarScenes: Feature = {
  id,
  init(signal) {
    addSceneSection(id, signal, Similar);
  },
};
