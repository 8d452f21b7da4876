import { useVirtualizer } from "@tanstack/react-virtual";
import React, { useRef } from "react";
import { Badge } from "react-bootstrap";
import { type Text, useText } from "../../text/text.ts";
import type { PolicyList } from "./PolicyList.ts";
import { withKey } from "./PolicyTable.tsx";
import type { Line } from "./policies.ts";

const CARD_PX = 64;
const LOOKS = { auto: "success", suggest: "secondary", off: "dark" } as const;

/** The policies where there is no room for a table: a card each, edited in a dialog. */
export function PolicyCards({ lines, defaults, chosen, onChoose, onEdit }: PolicyList) {
  const text = useText();
  const { t } = text;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => CARD_PX,
    overscan: 6,
    getItemKey: (index) => lines[index]?.key ?? index,
  });
  return (
    <div className="sense-policy-scroll" ref={scroller}>
      <ul
        className="sense-policy-cards"
        aria-label={t("settings.tab.policy")}
        style={{ height: virtual.getTotalSize() }}
      >
        {virtual.getVirtualItems().map(({ index, start }) => {
          const line = lines[index];
          if (!line) return null;
          const mode = line.row.mode ?? defaults.mode;
          return (
            <li
              key={line.key}
              aria-posinset={index + 1}
              aria-setsize={lines.length}
              className={`${line.isChanged ? "changed" : ""} ${chosen.has(line.key) ? "chosen" : ""}`}
              style={{ height: CARD_PX, transform: `translateY(${start}px)` }}
            >
              <label className="sense-policy-tick">
                <input
                  type="checkbox"
                  checked={chosen.has(line.key)}
                  aria-label={t("settings.policy.choose", { label: line.label })}
                  onChange={() => onChoose(withKey(chosen, line.key, !chosen.has(line.key)))}
                />
              </label>
              <button type="button" onClick={() => onEdit(line)}>
                <span className="sense-policy-label">
                  <span>{line.label}</span>
                  <small>{about(text, line)}</small>
                </span>
                <Badge variant={LOOKS[mode]}>{t(`settings.choice.${mode}`)}</Badge>
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** The second line of a card: what it means in Stash, how much, and what differs. */
function about({ t, number, share }: Text, { row, category, media, agreed }: Line): string {
  return [
    category,
    row.stash_tag && t("settings.policy.as", { tag: row.stash_tag }),
    row.required_s != null && t("seconds", { value: number(row.required_s, 1) }),
    row.required_share != null && share(row.required_share),
    media > 0 && t("settings.policy.media", { count: media }),
    agreed[0] + agreed[1] > 0 && t("settings.policy.agreed", { yes: agreed[0], no: agreed[1] }),
  ]
    .filter(Boolean)
    .join(" · ");
}
