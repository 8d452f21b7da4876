/** A list page whose items are cards. */
import { type DocumentNode, useQuery } from "@apollo/client";
import React, { type ReactNode } from "react";
import { useCardWidth } from "../lists/cardWidth.ts";
import { findFilter, type ListFilter, useListFilter } from "../lists/filter.ts";
import { List } from "../lists/List.tsx";
import { type Selection, useSelection } from "../lists/selection.ts";

export interface CardState {
  width: number | undefined;
  zoomIndex: number;
  selecting: boolean;
  selected: boolean;
  onSelectedChanged: (selected: boolean, shiftKey: boolean) => void;
}

interface Props<T extends { id: string }> {
  className: string;
  document: DocumentNode;
  /** The API's name of the filter's variable, and what it is for a list filter. */
  variables: (filter: ListFilter) => Record<string, unknown>;
  read: (data: Record<string, { count: number }>) => { count: number; items: T[] } | undefined;
  sorts: readonly string[];
  widths_px?: readonly number[];
  operations?: (selection: Selection) => ReactNode;
  card: (item: T, state: CardState) => ReactNode;
}

const DEFAULTS = {};
const WIDTHS_PX = [280, 340, 480, 640];
const NONE: never[] = [];

export function CardList<T extends { id: string }>(props: Props<T>) {
  const { className, document, variables, read, sorts, card, operations, widths_px = WIDTHS_PX } = props;
  const [given, change] = useListFilter(DEFAULTS);
  const filter = { ...given, sort: given.sort || (sorts[0] ?? "") };
  const { data, previousData, error } = useQuery(document, {
    variables: { filter: findFilter(filter), ...variables(filter) },
  });
  const whole = data ?? previousData;
  const found = whole && read(whole);
  const items: T[] = found?.items ?? NONE;
  const selection = useSelection(items);
  const [row, width] = useCardWidth<HTMLDivElement>(widths_px[filter.zoom] ?? 340);
  return (
    <List
      className={className}
      filter={filter}
      change={change}
      sorts={sorts}
      zoomable
      selection={selection}
      count={found?.count}
      error={error}
      operations={operations?.(selection)}
    >
      <div className="row justify-content-center" ref={row}>
        {items.map((item) =>
          card(item, {
            width,
            zoomIndex: filter.zoom,
            selecting: selection.ids.size > 0,
            selected: selection.ids.has(item.id),
            onSelectedChanged: (selected, shiftKey) => selection.change(item.id, selected, shiftKey),
          }),
        )}
      </div>
    </List>
  );
}
