import { faClapperboard, faClockRotateLeft, faTag } from "@fortawesome/free-solid-svg-icons";
import React, { useRef } from "react";
import { Button, ButtonGroup, Form } from "react-bootstrap";
import { Link } from "react-router-dom";
import { Icon } from "../../shared/Icon.tsx";
import { KIND_ICONS } from "../../shared/kindIcons.ts";
import { parseMedium } from "../../shared/mediumKey.ts";
import { type Text, useText } from "../../text/text.ts";
import { type Group, named } from "./groups.ts";
import { ALL, formatQuery, GROUPINGS, type Query, regrouped } from "./query.ts";
import { agreedText } from "./Row.tsx";
import type { ChangeQuery } from "./useQuery.ts";
import { useWindow } from "./useWindow.ts";

const ROW_PX = 46;
const ICONS = { label: faTag, medium: faClapperboard, run: faClockRotateLeft } as const;

interface Props {
  query: Query;
  change: ChangeQuery;
  groups: readonly Group[];
  /** Key of the open one. */
  open: string;
  /** The plugin names no more groups than it did. */
  isCut: boolean;
}

/** Everything, then the groups, the largest first. */
export function GroupList({ query, change, groups, open, isCut }: Props) {
  const text = useText();
  const { t } = text;
  const scroller = useRef<HTMLDivElement>(null);
  const found = named(groups, query.find);
  const seen = useWindow(scroller, found.length, 1, ROW_PX);
  const total = groups.reduce((sum, group) => sum + group.count, 0);
  return (
    <>
      <ButtonGroup size="sm" className="sense-inbox-by" aria-label={t("inbox.by")}>
        {GROUPINGS.map((by) => (
          <Button
            key={by}
            variant="secondary"
            active={query.by === by}
            aria-pressed={query.by === by}
            onClick={() => change(regrouped(query, by), "push")}
          >
            <Icon icon={ICONS[by]} />
            {t(`inbox.by.${by}`)}
          </Button>
        ))}
      </ButtonGroup>
      <Form.Control
        type="search"
        size="sm"
        className="text-input sense-inbox-find"
        value={query.find}
        placeholder={t(`inbox.find.${query.by}`)}
        aria-label={t(`inbox.find.${query.by}`)}
        onChange={(event) => change({ find: event.target.value })}
      />
      <GroupLink
        query={query}
        isOpen={open === ALL}
        to={ALL}
        title={t("inbox.all")}
        note=""
        count={isCut ? undefined : total}
        text={text}
      />
      <div ref={scroller} className="sense-inbox-groups-scroll">
        <ul aria-label={t("inbox.groups")} style={{ height: seen.total_px }}>
          {found.slice(seen.first, seen.last).map((group, n) => (
            <li
              key={group.key}
              aria-posinset={seen.first + n + 1}
              aria-setsize={found.length}
              style={{ height: ROW_PX, transform: `translateY(${(seen.first + n) * ROW_PX}px)` }}
            >
              <GroupLink
                query={query}
                isOpen={group.key === open}
                to={group.key}
                title={titleOf(text, query.by, group)}
                note={noteOf(text, query.by, group)}
                count={group.count}
                kind={group.kind}
                text={text}
              />
            </li>
          ))}
        </ul>
        {found.length === 0 && query.find && <p className="text-muted m-2">{t("inbox.find.none")}</p>}
        {isCut && <p className="text-muted small m-2">{t("inbox.groups.cut", { count: groups.length })}</p>}
      </div>
    </>
  );
}

interface LinkProps {
  query: Query;
  isOpen: boolean;
  to: string;
  title: string;
  note: string;
  count: number | undefined;
  kind?: Group["kind"];
  text: Text;
}

function GroupLink({ query, isOpen, to, title, note, count, kind, text }: LinkProps) {
  return (
    <Link
      to={{ search: formatQuery({ ...query, group: to }) }}
      className={`sense-inbox-group ${isOpen ? "active" : ""}`}
      aria-current={isOpen || undefined}
      title={title}
    >
      {kind && <Icon icon={KIND_ICONS[kind]} />}
      <span className="sense-inbox-group-name">
        <span>{title}</span>
        {note && <small>{note}</small>}
      </span>
      {count !== undefined && (
        <>
          <span className="badge badge-secondary badge-pill" aria-hidden="true">
            {text.number(count)}
          </span>
          <span className="sense-visually-hidden">{text.t("inbox.count", { count })}</span>
        </>
      )}
    </Link>
  );
}

export function titleOf({ t }: Text, by: Query["by"], group: Group): string {
  if (group.title) return group.title;
  const medium = parseMedium(group.key);
  if (by === "medium" && medium) return t(`inbox.kind.${medium.kind}`, { id: medium.media_id });
  return t("inbox.run", { id: group.key });
}

/** The second line of a group: what it is, and how far the owner agreed with it so far. */
function noteOf(text: Text, by: Query["by"], group: Group): string {
  if (by === "run") return text.t("inbox.run", { id: group.key });
  return [group.category, agreedText(text, group.agreed)].filter(Boolean).join(" · ");
}
