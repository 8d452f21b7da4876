import {
  faCheck,
  faMapMarkerAlt,
  faPlay,
  faRotateLeft,
  faTag,
  faUser,
  faXmark,
} from "@fortawesome/free-solid-svg-icons";
import React, { memo, useEffect, useRef } from "react";
import { Button } from "react-bootstrap";
import { Link } from "react-router-dom";
import type { ListedSuggestion } from "../../schemas/suggestions.ts";
import { range, timecode } from "../../shared/format.ts";
import { Icon } from "../../shared/Icon.tsx";
import { KIND_ICONS } from "../../shared/kindIcons.ts";
import { pathOf } from "../../shared/media.ts";
import { mediumKey } from "../../shared/mediumKey.ts";
import { Face } from "../../shared/people/Face.tsx";
import { evidenceOf, evidenceSentence, tracksOf } from "../../shared/people/words.ts";
import { modelOf, reasonSentence, scoreAbout, scoreText } from "../../shared/reason.ts";
import { StashTag } from "../../shared/StashTag.tsx";
import { useWanted } from "../../shared/useWanted.ts";
import { type Text, useText } from "../../text/text.ts";
import type { Verdict } from "./ledger.ts";
import { Moment } from "./Moment.tsx";
import type { State } from "./query.ts";
import { Strength } from "./Strength.tsx";
import { useSources } from "./sources.ts";

/** What can be done with what is in a state, the usual thing first. */
export const VERDICTS = {
  pending: ["accept", "reject"],
  accepted: ["undo", "reject"],
  applied: ["undo", "reject"],
  rejected: ["undo", "accept"],
} as const satisfies Record<State, readonly Verdict[]>;

const LOOKS = {
  accept: { icon: faCheck, variant: "success" },
  reject: { icon: faXmark, variant: "danger" },
  undo: { icon: faRotateLeft, variant: "secondary" },
} as const;

const SIGNS = { tag: faTag, marker: faMapMarkerAlt, performer: faUser } as const;

/** What a row tells; each is the same function for all rows. */
export interface RowEvents {
  onTick(id: number, isRange: boolean): void;
  onDecide(verdict: Verdict, row: ListedSuggestion): void;
  onPlay(id: number | undefined): void;
  onPoint(id: number): void;
}

export interface RowProps {
  row: ListedSuggestion;
  state: State;
  isCard: boolean;
  /** Of the picture's box, pixels. */
  width: number;
  height: number;
  /** Of the row itself, within the list. */
  left_px: number;
  top_px: number;
  row_px: number;
  /** Place in the list, from 1, and how many there are. */
  place: number;
  total: number;
  top: number | undefined;
  agreed: readonly [number, number] | undefined;
  ticked: boolean;
  /** It is the one that keys are for. */
  current: boolean;
  focus: boolean;
  playing: boolean;
  events: RowEvents;
}

/** One suggestion: its moment, what and where it is, why, and what to do with it. */
export const Row = memo(function Row(props: RowProps) {
  const { row, state, isCard, place, total, ticked, current, focus, events } = props;
  const text = useText();
  const { t } = text;
  const medium = useWanted(useSources().media, mediumKey(row.kind, row.media_id));
  const name = medium?.title || row.name || t(`inbox.kind.${row.kind}`, { id: row.media_id });
  const what = { label: row.label, name };
  const own = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (focus) own.current?.focus({ preventScroll: true });
  }, [focus]);
  const classes = ["sense-inbox-row", isCard && "card", ticked && "ticked", current && "current"].filter(Boolean);
  return (
    <li
      ref={own}
      aria-posinset={place}
      aria-setsize={total}
      aria-current={current || undefined}
      aria-label={t("inbox.row", what)}
      tabIndex={current ? 0 : -1}
      data-id={row.id}
      className={classes.join(" ")}
      style={{
        height: props.row_px,
        transform: `translate(${props.left_px}px, ${props.top_px}px)`,
        ...(isCard && { width: props.width }),
      }}
      onMouseDown={() => events.onPoint(row.id)}
    >
      <label className="sense-inbox-tick">
        <input
          type="checkbox"
          checked={ticked}
          tabIndex={current ? 0 : -1}
          aria-label={t("inbox.tick", what)}
          onChange={() => undefined}
          onClick={(event) => events.onTick(row.id, event.shiftKey)}
        />
      </label>
      <Picture {...props} name={name} canPlay={row.kind === "scene" && !!medium?.stream} />
      <div className="sense-inbox-what">
        <div className="sense-inbox-title">
          <span className="tag-item badge badge-secondary">
            <Icon icon={SIGNS[row.type]} />
            <span className="sense-inbox-label">{row.label}</span>
          </span>
          <span className="sense-visually-hidden">{t(`inbox.type.${row.type}`)}</span>
          <StashTag one={row} />
          {row.type === "performer" && evidenceOf(row.reason).decision === "maybe" && (
            <span className="badge badge-warning" title={t("people.decision.maybe.about")}>
              {t("people.decision.maybe")}
            </span>
          )}
          {row.held && (
            <span className="badge badge-secondary" title={t("inbox.held.about")}>
              {t("inbox.held")}
            </span>
          )}
          {row.edited && <span className="badge badge-info">{t("inbox.edited")}</span>}
        </div>
        <div className="sense-inbox-name">
          <Icon icon={KIND_ICONS[row.kind]} />
          <Link to={pathOf(row.kind, row.media_id, row.peak_s)} tabIndex={current ? 0 : -1} title={name}>
            {name}
          </Link>
          {row.kind === "scene" && <span className="sense-inbox-range">{rangeOf(row)}</span>}
        </div>
        <div
          className="sense-inbox-reason"
          title={[reasonOf(text, row), scoreAbout(text, modelOf(row.reason))].filter(Boolean).join("\n")}
        >
          {state === "pending" ? reasonOf(text, row) : decidedSentence(text, row)}
        </div>
      </div>
      <div className="sense-inbox-side">
        {row.type !== "performer" && <Strength score={row.score} top={props.top} shown={shownScore(text, row)} />}
        <span className="sense-inbox-agreed">{agreedText(text, props.agreed)}</span>
      </div>
      <div className="sense-inbox-actions">
        {VERDICTS[state].map((verdict) => (
          <ActionButton
            key={verdict}
            verdict={verdict}
            label={t(`inbox.${verdict}.one`, what)}
            hint={t(`inbox.${verdict}`)}
            isTabStop={current}
            onClick={() => events.onDecide(verdict, row)}
          />
        ))}
      </div>
    </li>
  );
});

interface ActionProps {
  verdict: Verdict;
  label: string;
  hint: string;
  isTabStop: boolean;
  onClick(): void;
}

function ActionButton({ verdict, label, hint, isTabStop, onClick }: ActionProps) {
  const { icon, variant } = LOOKS[verdict];
  return (
    <Button
      variant={variant}
      size="sm"
      aria-label={label}
      title={hint}
      tabIndex={isTabStop ? 0 : -1}
      className={`sense-inbox-${verdict}`}
      onClick={onClick}
    >
      <Icon icon={icon} />
    </Button>
  );
}

interface PictureProps extends RowProps {
  name: string;
  canPlay: boolean;
}

function Picture({ row, width, height, current, playing, events, name, canPlay }: PictureProps) {
  const { t } = useText();
  return (
    <div className="sense-inbox-picture" style={{ width, height }}>
      <Link
        to={pathOf(row.kind, row.media_id, row.peak_s)}
        tabIndex={-1}
        aria-hidden="true"
        title={name}
        draggable={false}
      >
        {row.type === "performer" && !playing ? (
          <Face id={tracksOf(row.reason)[0] ?? ""} size_px={Math.min(width, height)} />
        ) : (
          <Moment row={row} width={width} height={height} playing={playing} onStop={() => events.onPlay(undefined)} />
        )}
      </Link>
      {canPlay && !playing && (
        <Button
          variant="secondary"
          size="sm"
          className="sense-inbox-play"
          aria-label={t("inbox.play.one", { label: row.label, name })}
          title={t("inbox.play")}
          tabIndex={current ? 0 : -1}
          onClick={() => events.onPlay(row.id)}
        >
          <Icon icon={faPlay} />
        </Button>
      )}
    </div>
  );
}

function reasonOf(text: Text, row: ListedSuggestion): string {
  if (row.type === "performer") return evidenceSentence(text, evidenceOf(row.reason), row.label);
  return reasonSentence(text, row);
}

function rangeOf(row: ListedSuggestion): string {
  return row.type === "marker" ? range(row.start_s, row.end_s) : timecode(row.peak_s);
}

export function shownScore(text: Text, row: Pick<ListedSuggestion, "score" | "reason">): string {
  return scoreText(text, row.score, modelOf(row.reason));
}

/** How far the owner agreed with a tag so far; nothing where there is nothing to tell. */
export function agreedText({ t }: Text, agreed: readonly [number, number] | undefined): string {
  if (!agreed) return "";
  const [yes, no] = agreed;
  return yes + no > 0 ? t("inbox.agreed", { yes, total: yes + no }) : "";
}

function decidedSentence(text: Text, row: ListedSuggestion): string {
  const by = (["owner", "policy", "stash"] as const).find((known) => known === row.decided_by) ?? "owner";
  const when = row.decided_s === null ? "" : text.ago(row.decided_s);
  return text.t(`inbox.decided.${row.state}`, { by, when });
}
