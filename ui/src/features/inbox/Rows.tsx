import React, { type MutableRefObject, useEffect, useLayoutEffect, useRef } from "react";
import type { ListedSuggestion } from "../../schemas/suggestions.ts";
import { Loading } from "../../shared/Loading.tsx";
import { useText } from "../../text/text.ts";
import { agreedSince, type SinceThen } from "./groups.ts";
import type { State } from "./query.ts";
import { Row, type RowEvents } from "./Row.tsx";
import { type RowSize, rowSize } from "./rowSize.ts";
import { has, type Selection } from "./selection.ts";
import { useSize } from "./useSize.ts";
import { useWindow } from "./useWindow.ts";

/** Asked for while this many rows are still below. */
const AHEAD = 120;

/** What the keyboard needs of the list. */
export interface RowsHandle {
  columns: number;
  show(index: number): void;
}

interface Props {
  rows: readonly ListedSuggestion[];
  /** How many there are in all. */
  total: number;
  isWhole: boolean;
  isLoading: boolean;
  more(): void;
  state: State;
  isCards: boolean;
  top: number | undefined;
  /** Rows say how often their tag was accepted, where the head does not. */
  saysAgreed: boolean;
  since: readonly SinceThen[];
  selection: Selection;
  current: number;
  focus: boolean;
  playing: number | undefined;
  events: RowEvents;
  handle: MutableRefObject<RowsHandle | undefined>;
  label: string;
  /** Where the list was left before. */
  start_px: number;
  onLeave(scroll_px: number): void;
}

/** The suggestions, as rows or cards; only what is on screen is in the page. */
export function Rows(props: Props) {
  const { rows, isWhole, isLoading, more, isCards, handle } = props;
  const { t } = useText();
  const scroller = useRef<HTMLDivElement>(null);
  const { width: pane_px } = useSize(scroller);
  const size = rowSize(isCards, pane_px - 2);
  const seen = useWindow(scroller, rows.length + (isWhole ? 0 : 1), size.columns, size.row);
  const wantsMore = !isWhole && !isLoading && seen.last >= rows.length - AHEAD;
  useEffect(() => {
    if (wantsMore) more();
  }, [wantsMore, more]);

  handle.current = { columns: size.columns, show: seen.show };

  const isThere = pane_px > 0;
  const latest = useRef(props);
  latest.current = props;
  useLayoutEffect(() => {
    const own = scroller.current;
    if (!isThere || !own) return;
    if (latest.current.start_px > 0) own.scrollTop = latest.current.start_px;
    return () => latest.current.onLeave(own.scrollTop);
  }, [isThere]);

  return (
    <div ref={scroller} className={`sense-inbox-scroll ${isCards ? "sense-inbox-cards" : "sense-inbox-list"}`}>
      {isThere && (
        <ul aria-label={props.label} style={{ height: seen.total_px }}>
          {rows.slice(seen.first, seen.last).map((row, n) => (
            <Item key={row.id} {...props} row={row} index={seen.first + n} size={size} />
          ))}
          {seen.last > rows.length && (
            <li
              key="more"
              className="sense-inbox-more"
              style={{ transform: `translateY(${seen.total_px - size.row}px)` }}
            >
              <Loading />
            </li>
          )}
        </ul>
      )}
      <span className="sense-visually-hidden">{t("inbox.count", { count: props.total })}</span>
    </div>
  );
}

interface ItemProps extends Props {
  row: ListedSuggestion;
  index: number;
  size: RowSize;
}

function Item(props: ItemProps) {
  const { row, index, size } = props;
  const isCurrent = index === props.current;
  return (
    <Row
      row={row}
      state={props.state}
      isCard={props.isCards}
      width={size.width}
      height={size.height}
      left_px={(index % size.columns) * (size.width + size.gap)}
      top_px={Math.floor(index / size.columns) * size.row}
      row_px={size.row - size.gap}
      place={index + 1}
      total={props.total}
      top={props.top}
      agreed={props.saysAgreed ? agreedSince(row.agreed, row.label, props.since) : undefined}
      ticked={has(props.selection, row.id)}
      current={isCurrent}
      focus={isCurrent && props.focus}
      playing={props.playing === row.id}
      events={props.events}
    />
  );
}
