/** One tag's spans as a slim strip below the player's own bar. Stash's markers are left alone: it would wipe ours. */
import type { Player } from "../../host/pluginApi.ts";
import type { Span } from "../../schemas/analysis.ts";

/** Show them until the returned function is called. */
export function showStrip(player: Player, spans: readonly Span[], duration_s: number): () => void {
  const bar = player.isDisposed() ? null : player.el().querySelector(".vjs-progress-control");
  if (!bar || duration_s <= 0) return () => undefined;
  const strip = document.createElement("div");
  strip.className = "sense-strip";
  strip.setAttribute("aria-hidden", "true");
  for (const span of spans) {
    const part = document.createElement("div");
    const start = Math.min(Math.max(span.start_s / duration_s, 0), 1);
    const end = Math.min(Math.max(span.end_s / duration_s, start), 1);
    part.style.left = `${start * 100}%`;
    part.style.width = `${(end - start) * 100}%`;
    strip.append(part);
  }
  bar.append(strip);
  return () => strip.remove();
}
