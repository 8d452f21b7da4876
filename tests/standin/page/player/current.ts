/** The one player, while there is one. */
import videojs, { type VideoJsPlayer } from "video.js";

export const PLAYER_ID = "VideoJsPlayer";

export function getPlayer(): VideoJsPlayer | undefined {
  return videojs.getPlayer(PLAYER_ID) || undefined;
}
