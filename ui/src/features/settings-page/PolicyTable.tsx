import { faArrowDownLong, faArrowUpLong } from "@fortawesome/free-solid-svg-icons";
import { useVirtualizer } from "@tanstack/react-virtual";
import React, { useRef } from "react";
import { Icon } from "../../shared/Icon.tsx";
import { type TextKey, useText } from "../../text/text.ts";
import { PolicyLine } from "./PolicyLine.tsx";
import type { PolicyList } from "./PolicyList.ts";
import { SORTS, type View } from "./policies.ts";

const LINE_PX = 44;

const COLUMNS = [
  "label",
  "mode",
  "stash_tag",
  "required_s",
  "required_share",
  "marker",
  "min_marker_s",
  "max_gap_s",
  "threshold",
  "media",
  "agreed",
  "phrasings",
] as const;

interface Props extends PolicyList {
  view: View;
  onView(some: Partial<View>): void;
}

/** A line for each label, thousands of them; only those in sight exist. */
export function PolicyTable({ lines, view, onView, chosen, onChoose, ...rest }: Props) {
  const { t } = useText();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_PX,
    overscan: 6,
    getItemKey: (index) => lines[index]?.key ?? index,
  });
  const isAll = lines.length > 0 && lines.every(({ key }) => chosen.has(key));
  const sortBy = (sort: View["sort"]) =>
    onView(
      sort === view.sort
        ? { isDescending: !view.isDescending }
        : { sort, isDescending: sort !== "label" && sort !== "mode" },
    );
  return (
    <div className="sense-policy-scroll" ref={scroller}>
      {/* biome-ignore lint/a11y/useSemanticElements: lines that come and go are placed, not laid out. */}
      <div
        role="table"
        aria-label={t("settings.tab.policy")}
        aria-rowcount={lines.length + 1}
        className="sense-policy-table"
      >
        {/* biome-ignore lint/a11y/useSemanticElements: as above. */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: only its buttons are. */}
        <div role="row" aria-rowindex={1} className="sense-policy-line head">
          {/* biome-ignore lint/a11y/useSemanticElements: as above. */}
          {/* biome-ignore lint/a11y/useFocusableInteractive: as above. */}
          <div role="columnheader">
            <input
              type="checkbox"
              checked={isAll}
              aria-label={t("settings.policy.choose.all", { count: lines.length })}
              onChange={() => onChoose(isAll ? new Set() : new Set(lines.map(({ key }) => key)))}
            />
          </div>
          {COLUMNS.map((column) => {
            const sort = SORTS.find((one) => one === column);
            const title = t(`settings.policy.column.${column}`);
            const isSorted = sort === view.sort;
            return (
              // biome-ignore lint/a11y/useSemanticElements: as above.
              // biome-ignore lint/a11y/useFocusableInteractive: as above.
              <div
                key={column}
                role="columnheader"
                title={t(`settings.policy.column.${column}.about` as TextKey)}
                aria-sort={isSorted ? (view.isDescending ? "descending" : "ascending") : undefined}
                className={["media", "agreed"].includes(column) ? "number" : ""}
              >
                {sort ? (
                  <button type="button" onClick={() => sortBy(sort)}>
                    {title}
                    {isSorted && <Icon icon={view.isDescending ? faArrowDownLong : faArrowUpLong} />}
                  </button>
                ) : (
                  title
                )}
              </div>
            );
          })}
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: as above. */}
        <div role="rowgroup" className="sense-policy-lines" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const line = lines[index];
            return (
              line && (
                <PolicyLine
                  key={line.key}
                  line={line}
                  index={index}
                  style={{ height: LINE_PX, transform: `translateY(${start}px)` }}
                  isChosen={chosen.has(line.key)}
                  onChoose={(isChosen) => onChoose(withKey(chosen, line.key, isChosen))}
                  {...rest}
                />
              )
            );
          })}
        </div>
      </div>
    </div>
  );
}

export function withKey(keys: ReadonlySet<string>, key: string, isIn: boolean): ReadonlySet<string> {
  const next = new Set(keys);
  if (isIn) next.add(key);
  else next.delete(key);
  return next;
}
