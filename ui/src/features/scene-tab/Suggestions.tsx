/** What waits for a decision in this scene, and what was decided. */
import React, { useEffect, useMemo, useRef, useState } from "react";
import type { Player } from "../../host/pluginApi.ts";
import { pluginApi } from "../../host/pluginApi.ts";
import { call } from "../../operations.ts";
import type { Suggestion } from "../../schemas/suggestions.ts";
import { sentence } from "../../shared/Problem.tsx";
import { type Person, personIn } from "../../shared/people/seen.ts";
import { evidenceOf, momentsOf } from "../../shared/people/words.ts";
import { scoreAbout } from "../../shared/reason.ts";
import { useAction } from "../../shared/useOperation.ts";
import { useText } from "../../text/text.ts";
import { Decided } from "./Decided.tsx";
import { Level } from "./Level.tsx";
import type { Lane } from "./lanes.ts";
import { spansOf as spansAt } from "./people.ts";
import { RangeEditor } from "./RangeEditor.tsx";
import { beginningOf, type RowEvents, SuggestionRow } from "./SuggestionRow.tsx";
import type { Decisions } from "./useDecisions.ts";
import { KEYS, useKeys } from "./useKeys.ts";

interface Props {
  decisions: Decisions;
  lanes: readonly Lane[];
  people: readonly Person[];
  model: string;
  duration_s: number;
  player: Player | undefined;
  vtt: string | null | undefined;
  play(at_s: number): void;
  onLane(id: string | undefined): void;
  reload(): void;
}

const NO_SPANS: Lane["spans"] = [];

export function Suggestions(props: Props) {
  const { decisions, lanes, people, model, duration_s, player, vtt, play, onLane, reload } = props;
  const text = useText();
  const { t } = text;
  const toast = pluginApi().hooks.useToast();
  const { suggestions, busy, decide } = decisions;
  const pending = inOrder(
    suggestions.filter((one) => one.state === "pending"),
    lanes,
  );
  const decided = suggestions.filter((one) => one.state !== "pending");
  const [currentId, setCurrentId] = useState<number>();
  const [editing, setEditing] = useState<number>();
  const at = pending.findIndex((one) => one.id === currentId);
  const current = pending[at];
  const scored = pending.filter((one) => one.type !== "performer");
  const spans = useMemo(() => spansBy(suggestions, lanes, people), [suggestions, lanes, people]);
  const spansOf = (one: Suggestion) => spans.get(one.id) ?? NO_SPANS;

  const save = useAction(
    async (id: number, start_s: number, end_s: number) => {
      await call("suggestions.edit", { id, start_s, end_s });
      setEditing(undefined);
      reload();
    },
    (error) => toast.error(sentence(text, error)),
  );

  const point = (one: Suggestion | undefined) => {
    setCurrentId(one?.id);
    onLane(one && (one.type === "performer" ? personIn(people, one)?.id : one.label));
  };
  const go = (n: number) => {
    const next = pending[Math.min(Math.max(n, 0), pending.length - 1)];
    if (!next) return;
    point(next);
    document.querySelector(`[data-suggestion="${next.id}"]`)?.scrollIntoView({ block: "nearest" });
  };
  const decideCurrent = (verb: "accept" | "reject") => {
    if (!current) return go(0);
    const next = pending[at + 1] ?? pending[at - 1];
    decide(verb, [current.id]);
    point(next);
  };
  useKeys({
    next: () => go(at + 1),
    previous: () => go(at < 0 ? 0 : at - 1),
    play: () => (current ? play(beginningOf(current, spansOf(current))) : go(0)),
    accept: () => decideCurrent("accept"),
    reject: () => decideCurrent("reject"),
  });

  const latest = useRef<RowEvents>();
  latest.current = {
    onPoint: point,
    onPlay: (one, at_s) => play(at_s ?? beginningOf(one, spansOf(one))),
    onEdit: (one) => setEditing(editing === one.id ? undefined : one.id),
    onAccept: (one) => decide("accept", [one.id]),
    onReject: (one) => decide("reject", [one.id]),
  };
  const [events] = useState<RowEvents>(() => ({
    onPoint: (one) => latest.current?.onPoint(one),
    onPlay: (one, at_s) => latest.current?.onPlay(one, at_s),
    onEdit: (one) => latest.current?.onEdit(one),
    onAccept: (one) => latest.current?.onAccept(one),
    onReject: (one) => latest.current?.onReject(one),
  }));

  // What is edited may have been decided elsewhere.
  useEffect(() => {
    if (editing !== undefined && !pending.some((one) => one.id === editing)) setEditing(undefined);
  }, [editing, pending]);

  return (
    <section className="sense-suggestions" aria-label={t("tab.suggestions")}>
      <h5>{t("tab.suggestions.count", { count: pending.length })}</h5>
      {scored.length > 1 && <Level pending={scored} model={model} onAccept={(ids) => decide("accept", ids)} />}
      {pending.length === 0 && <p className="text-muted">{t("tab.suggestions.none")}</p>}
      <ul className="list-unstyled sense-suggestion-list">
        {pending.map((one) => (
          <SuggestionRow
            key={one.id}
            one={one}
            spans={spansOf(one)}
            vtt={vtt}
            isCurrent={one.id === currentId}
            isBusy={busy.has(one.id)}
            events={events}
          >
            {editing === one.id && (
              <RangeEditor
                start_s={one.start_s}
                end_s={one.end_s}
                duration_s={duration_s}
                player={player}
                isBusy={save.busy}
                onSave={(start_s, end_s) => void save.run(one.id, start_s, end_s)}
                onClose={() => setEditing(undefined)}
              />
            )}
          </SuggestionRow>
        ))}
      </ul>
      {scored.length > 0 && <p className="sense-unit text-muted">{scoreAbout(text, model)}</p>}
      {pending.length > 0 && (
        <p className="sense-help text-muted d-none d-md-flex">
          {(["next", "previous", "play", "accept", "reject"] as const).map((act) => (
            <span key={act}>
              <kbd>{KEYS[act]}</kbd> {t(`tab.key.${act}`)}
            </span>
          ))}
        </p>
      )}
      <Decided decided={decided} busy={busy} onUndo={(id) => decide("undo", [id])} />
    </section>
  );
}

/** Where each is seen: its tag's spans, or its performer's. */
function spansBy(suggestions: readonly Suggestion[], lanes: readonly Lane[], people: readonly Person[]) {
  const tags = new Map(lanes.filter((lane) => !lane.person).map((lane) => [lane.label, lane.spans]));
  return new Map(
    suggestions.map((one) => {
      if (one.type !== "performer") return [one.id, tags.get(one.label) ?? NO_SPANS];
      const moments = momentsOf(one.reason);
      return [one.id, spansAt(moments.length > 0 ? moments : (personIn(people, one)?.moments ?? []), one.label)];
    }),
  );
}

/** Performers first, matches before maybes; then in the order of the lanes, a tag before its markers. */
function inOrder(suggestions: readonly Suggestion[], lanes: readonly Lane[]): readonly Suggestion[] {
  const place = new Map(lanes.filter((lane) => !lane.person).map((lane, n) => [lane.label, n]));
  const last = lanes.length;
  const rank = (one: Suggestion) => {
    if (one.type !== "performer") return 2;
    return evidenceOf(one.reason).decision === "match" ? 0 : 1;
  };
  return [...suggestions].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      (place.get(a.label) ?? last) - (place.get(b.label) ?? last) ||
      a.label.localeCompare(b.label) ||
      b.type.localeCompare(a.type) ||
      a.start_s - b.start_s,
  );
}
