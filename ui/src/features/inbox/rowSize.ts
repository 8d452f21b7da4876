/** How large rows and cards are, from the width that they have. Pure. */

export interface RowSize {
  columns: number;
  /** Between cards, pixels. */
  gap: number;
  /** Height of a row, with its gap. */
  row: number;
  /** Of the picture. */
  width: number;
  height: number;
}

const CARD_PX = 250;
const CARD_TEXT_PX = 136;
const GAP_PX = 10;
const NARROW_PX = 620;

export function rowSize(isCards: boolean, pane_px: number): RowSize {
  if (!isCards) {
    return pane_px < NARROW_PX
      ? { columns: 1, gap: 0, row: 128, width: 112, height: 63 }
      : { columns: 1, gap: 0, row: 88, width: 128, height: 72 };
  }
  const columns = Math.max(1, Math.floor(pane_px / CARD_PX));
  const width = Math.floor((pane_px - GAP_PX * (columns - 1)) / columns);
  const height = Math.round((width * 9) / 16);
  return { columns, gap: GAP_PX, row: height + CARD_TEXT_PX + GAP_PX, width, height };
}
