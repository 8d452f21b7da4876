import React, { useCallback, useMemo, useRef, useState } from "react";
import { useHistory } from "react-router-dom";
import type { ListedSuggestion } from "../../schemas/suggestions.ts";
import { Loading } from "../../shared/Loading.tsx";
import { pathOf } from "../../shared/media.ts";
import { Problem } from "../../shared/Problem.tsx";
import { useText } from "../../text/text.ts";
import { useAnnounce } from "./Announcer.tsx";
import { BulkBar } from "./Bulk.tsx";
import { KeyHelp } from "./KeyHelp.tsx";
import type { Verdict } from "./ledger.ts";
import { leavePlace, takePlace } from "./place.ts";
import { ALL, formatQuery, type Query, type whereOf } from "./query.ts";
import { type RowEvents, shownScore, VERDICTS } from "./Row.tsx";
import { Rows, type RowsHandle } from "./Rows.tsx";
import { EVERYTHING, everyOne, extend, kept, NONE, type Selection, toggle } from "./selection.ts";
import type { useDecisions } from "./useDecisions.ts";
import { useKeys } from "./useKeys.ts";
import type { useRows } from "./useRows.ts";

interface OpenProps {
  query: Query;
  rows: readonly ListedSuggestion[];
  total: number;
  top: number;
  low: number | undefined;
  decisions: ReturnType<typeof useDecisions>;
  list: ReturnType<typeof useRows>;
  head(children: React.ReactNode): React.ReactNode;
  where: ReturnType<typeof whereOf>;
  isCards: boolean;
  /** How many more there are than the list knows of. */
  fresh: number;
  done: React.ReactNode;
}

/** The rows of what is open, with what the owner does to them. */
export function OpenGroup({
  query,
  rows,
  total,
  top,
  low,
  decisions,
  list,
  head,
  where,
  isCards,
  fresh,
  done,
}: OpenProps) {
  const text = useText();
  const { t } = text;
  const history = useHistory();
  const announce = useAnnounce();
  const [selection, setSelection] = useState<Selection>(NONE);
  const placeKey = formatQuery({ ...query, find: "" });
  const [before] = useState(() => takePlace(placeKey));
  const [pointed, setPointed] = useState({ id: before?.id ?? 0, index: 0 });
  const [focus, setFocus] = useState(false);
  const [playing, setPlaying] = useState<number>();
  const handle = useRef<RowsHandle>();
  const ids = useMemo(() => rows.map((row) => row.id), [rows]);
  const present = useMemo(() => new Set(ids), [ids]);
  const ticked = useMemo(() => kept(selection, present), [selection, present]);
  const places = useMemo(() => new Map(ids.map((id, index) => [id, index])), [ids]);
  // A row that is gone hands over to the one that took its place.
  const current = Math.min(places.get(pointed.id) ?? pointed.index, rows.length - 1);
  const row = rows[current];
  // Only what waits can be decided without being loaded; of what was decided, what is loaded is meant.
  const isOpenEnded = query.state === "pending";
  const shown = useCallback(
    (score: number) => shownScore(text, { score, reason: rows[0]?.reason ?? {} }),
    [text, rows],
  );

  const decide = (verdict: Verdict, chosen: readonly ListedSuggestion[]) => {
    const [only] = chosen;
    if (!only) return;
    setPointed({ id: pointed.id, index: current });
    setFocus(true);
    setPlaying(undefined);
    decisions.decide(verdict, chosen);
    const left = total - chosen.length;
    if (chosen.length === 1) announce(`inbox.did.${verdict}`, { label: only.label, left });
    else announce(`inbox.said.${verdict}`, { count: chosen.length });
  };
  const decideTicked = (verdict: Verdict) => {
    if (ticked.mode !== "all")
      decide(
        verdict,
        rows.filter((one) => ticked.ids.has(one.id)),
      );
    else if (list.isWhole || verdict === "undo") decide(verdict, rows);
    else decisions.decideAll(verdict, where, total);
    setSelection(NONE);
  };
  const act = (verdict: Verdict) => {
    if (!(VERDICTS[query.state] as readonly Verdict[]).includes(verdict)) return false;
    if (ticked.mode === "all" || ticked.ids.size > 0) decideTicked(verdict);
    else if (row) decide(verdict, [row]);
    return true;
  };
  const move = (by: number) => {
    const index = Math.max(0, Math.min(rows.length - 1, current + by));
    const target = rows[index];
    if (!target) return false;
    setPointed({ id: target.id, index });
    setFocus(true);
    handle.current?.show(index);
    return true;
  };
  const columns = () => handle.current?.columns ?? 1;
  const tick = (id: number, isRange: boolean) =>
    setSelection(isRange ? extend(ticked, id, ids) : toggle(ticked, id, ids));

  const latest = useRef({ decide, tick, places });
  latest.current = { decide, tick, places };
  const events = useMemo<RowEvents>(
    () => ({
      onTick: (id, isRange) => latest.current.tick(id, isRange),
      onDecide: (verdict, one) => latest.current.decide(verdict, [one]),
      onPlay: setPlaying,
      onPoint: (id) => {
        setFocus(false);
        setPointed({ id, index: latest.current.places.get(id) ?? 0 });
      },
    }),
    [],
  );

  const play = () => row && setPlaying(playing === row.id ? undefined : row.id);
  useKeys({
    j: () => move(1),
    w: () => move(1),
    down: () => move(columns()),
    right: () => isCards && move(1),
    k: () => move(-1),
    b: () => move(-1),
    up: () => move(-columns()),
    left: () => isCards && move(-1),
    home: () => move(-rows.length),
    end: () => move(rows.length),
    space: () => row && tick(row.id, false),
    "shift+space": () => row && tick(row.id, true),
    y: () => act("accept"),
    x: () => act("reject"),
    u: () => act("undo") || decisions.undoLast(),
    p: play,
    z: play,
    escape: () => {
      setPlaying(undefined);
      setSelection(NONE);
    },
    enter: () => row && history.push(pathOf(row.kind, row.media_id, row.peak_s)),
  });

  let content: React.ReactNode;
  if (list.error && !list.rows) content = <Problem error={list.error} again={list.reload} />;
  else if (!list.rows) content = <Loading />;
  else if (rows.length === 0 && list.isWhole && !decisions.bulk) content = done;
  else
    content = (
      <Rows
        rows={rows}
        total={total}
        isWhole={list.isWhole || !!list.error}
        isLoading={list.loading}
        more={list.more}
        state={query.state}
        isCards={isCards}
        top={top}
        saysAgreed={query.by !== "label" || query.group === ALL}
        since={decisions.since(list.asked_ms)}
        selection={ticked}
        current={current}
        focus={focus}
        playing={playing}
        events={events}
        handle={handle}
        start_px={before?.scroll_px ?? 0}
        onLeave={(scroll_px) => leavePlace({ key: placeKey, id: row?.id ?? 0, scroll_px })}
        label={t("inbox.rows")}
      />
    );
  return (
    <>
      {head(
        <BulkBar
          state={query.state}
          where={where}
          rows={rows}
          isWhole={list.isWhole}
          total={isOpenEnded ? total : rows.length}
          low={low}
          top={rows.length > 0 ? top : undefined}
          shown={shown}
          selection={ticked}
          bulk={decisions.bulk}
          onTickAll={(on) => setSelection(!on ? NONE : isOpenEnded ? EVERYTHING : everyOne(ids))}
          fresh={fresh}
          onReload={list.reload}
          onDecideTicked={decideTicked}
          onDecideAll={decisions.decideAll}
        />,
      )}
      {content}
      {list.error && list.rows && <Problem error={list.error} again={list.more} />}
      <KeyHelp isHistory={query.state !== "pending"} />
    </>
  );
}
