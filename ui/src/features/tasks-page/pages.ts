/** Rows that come in pages, the newest first, and of which the newest change while they are looked at. Pure. */

export interface Row {
  id: number;
}

export interface Pages<One extends Row> {
  rows: readonly One[];
  hasMore: boolean;
}

/** How many of the newest rows to ask for anew: all that are shown, up to `most`. */
export function headSize(shown: number, page: number, most: number): number {
  return Math.min(Math.max(Math.ceil(shown / page), 1) * page, most);
}

/** The newest `limit` rows were asked for: they replace what was known of them, what is older stays. */
export function withHead<One extends Row>(
  before: Pages<One> | undefined,
  head: readonly One[],
  limit: number,
): Pages<One> {
  const last = head[head.length - 1];
  if (!last || head.length < limit) return { rows: head, hasMore: false };
  const older = (before?.rows ?? []).filter((row) => row.id < last.id);
  return { rows: [...head, ...older], hasMore: older.length > 0 ? (before?.hasMore ?? true) : true };
}

/** Older rows came. */
export function withOlder<One extends Row>(before: Pages<One>, older: readonly One[], limit: number): Pages<One> {
  const last = before.rows[before.rows.length - 1];
  const rows = last ? older.filter((row) => row.id < last.id) : older;
  return { rows: [...before.rows, ...rows], hasMore: older.length >= limit };
}
