/** Which rows of a long list are in the page: those on screen and a few around them. Pure. */

export interface Window {
  /** Indexes, [first, last). */
  first: number;
  last: number;
}

interface Shape {
  count: number;
  columns: number;
  row_px: number;
  /** Of the pane. */
  height_px: number;
  /** Lines that are kept above and below. */
  around: number;
}

export function windowAt(scroll_px: number, { count, columns, row_px, height_px, around }: Shape): Window {
  const lines = Math.ceil(count / columns);
  const top = Math.min(Math.max(0, Math.floor(scroll_px / row_px)), Math.max(0, lines - 1));
  const seen = Math.ceil(height_px / row_px) + 1;
  return {
    first: Math.max(0, top - around) * columns,
    last: Math.min(count, (top + seen + around) * columns),
  };
}

/** Where to scroll so that a row is seen whole; undefined where it is. */
export function scrollFor(
  index: number,
  scroll_px: number,
  { columns, row_px, height_px }: Pick<Shape, "columns" | "row_px" | "height_px">,
): number | undefined {
  const top = Math.floor(index / columns) * row_px;
  if (top < scroll_px) return top;
  if (top + row_px > scroll_px + height_px) return top + row_px - height_px;
  return undefined;
}
