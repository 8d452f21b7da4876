/** How wide cards are. Pure. */

/** Stash's widths of scene cards by its zoom, pixels. */
export const WIDTHS_PX = [280, 340, 480, 640] as const;
const MARGINS_PX = 10;
const PHONE_PX = 576;

/** As wide as fits the row, near the preferred width; undefined where a card takes the whole row: on a phone. */
export function cardWidth(available_px: number, preferred_px: number): number | undefined {
  if (available_px <= 0 || (available_px <= PHONE_PX && preferred_px >= WIDTHS_PX[0])) return undefined;
  const columns = Math.max(1, Math.ceil(available_px / (preferred_px + MARGINS_PX)));
  return Math.floor(available_px / columns) - MARGINS_PX;
}
