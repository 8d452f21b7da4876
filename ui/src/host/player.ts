import { type Player, pluginApi } from "./pluginApi.ts";

/** The player of the scene page; undefined until Stash made it, and after it is gone. */
export function findPlayer(): Player | undefined {
  const element = document.getElementById("VideoJsPlayer") as (HTMLElement & { player?: Player }) | null;
  const player = element?.player ?? pluginApi().utils.InteractiveUtils?.getPlayer?.();
  return player && !player.isDisposed() ? player : undefined;
}

/** Call `onPlayer` when there is a player: now, or within `limit_s`. Ends with the signal. */
export function whenPlayer(signal: AbortSignal, onPlayer: (player: Player) => void, limit_s = 30): void {
  const began = Date.now();
  const look = () => {
    if (signal.aborted) return;
    const player = findPlayer();
    if (player) onPlayer(player);
    else if (Date.now() - began < limit_s * 1000) window.setTimeout(look, 100);
  };
  look();
}
