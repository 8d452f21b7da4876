import React, { useEffect, useMemo, useRef, useState } from "react";
import { Button, Form } from "react-bootstrap";
import type { FaceState, Known as KnownPerson } from "../../schemas/people.ts";
import { Loading } from "../../shared/Loading.tsx";
import { Problem } from "../../shared/Problem.tsx";
import { Face } from "../../shared/people/Face.tsx";
import { useText } from "../../text/text.ts";
import type { Query } from "./query.ts";
import { useGridKeys } from "./useGridKeys.ts";
import { usePaged } from "./usePaged.ts";
import type { ChangeQuery } from "./useQuery.ts";

interface Props {
  query: Query;
  change: ChangeQuery;
  state: FaceState | undefined;
  turn: number;
}

const PAGE = 60;
const TYPING_MS = 300;
const NO_KEYS = {};

/** Everybody who is known by face. */
export function Known({ query, change, state, turn }: Props) {
  const { t } = useText();
  const [typed, setTyped] = useState(query.words);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is typed starts the wait.
  useEffect(() => {
    if (typed === query.words) return;
    const timer = window.setTimeout(() => change({ words: typed }, "replace"), TYPING_MS);
    return () => window.clearTimeout(timer);
  }, [typed]);
  const { pages, error, loading, hasMore, more, reload } = usePaged("people.list", { words: query.words, limit: PAGE });
  const seen = useRef(turn);
  useEffect(() => {
    if (seen.current !== turn) reload();
    seen.current = turn;
  }, [turn, reload]);
  const people = useMemo(() => pages?.flatMap((page) => page.people), [pages]);
  const grid = useRef<HTMLUListElement>(null);
  const open = (key: string) => change({ tab: "known", person: key });
  const onKeyDown = useGridKeys(grid, NO_KEYS);
  const why = query.words ? "words" : "references";
  return (
    <section className="sense-people-body" aria-label={t("people.tab.known")}>
      <div className="sense-people-bar">
        <Form.Control
          size="sm"
          type="search"
          className="text-input"
          value={typed}
          placeholder={t("people.words")}
          aria-label={t("people.words")}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        {pages?.[0] && <span className="text-muted">{t("people.total", { count: pages[0].total })}</span>}
      </div>
      {error && <Problem error={error} again={reload} />}
      {!people && !error && <Loading />}
      {people?.length === 0 && <p className="sense-people-empty text-muted">{t(`people.none.${why}`)}</p>}
      {people && people.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveElementInteractions: keys of what is in it.
        <ul ref={grid} className="sense-people-grid" aria-label={t("people.tab.known")} onKeyDown={onKeyDown}>
          {people.map((person) => (
            <PersonCard key={person.key} person={person} onOpen={() => open(person.key)} />
          ))}
        </ul>
      )}
      {hasMore && (
        <Button variant="secondary" size="sm" disabled={loading} onClick={more}>
          {t("people.more")}
        </Button>
      )}
      {state && !state.ready && people && people.length > 0 && <p className="text-muted">{t("people.state.stale")}</p>}
    </section>
  );
}

function PersonCard({ person, onOpen }: { person: KnownPerson; onOpen(): void }) {
  const { t } = useText();
  const references = Object.values(person.references).reduce((sum, count) => sum + count, 0);
  return (
    <li className="sense-person-card card">
      <button
        type="button"
        className="sense-person-open"
        data-id={person.key}
        aria-label={t("people.person.open", { name: person.name })}
        onClick={onOpen}
      >
        <Face id={person.picture_id} size_px={112} />
      </button>
      <strong className="sense-person-name">{person.name}</strong>
      <div className="sense-person-facts text-muted">
        {t("people.person.facts", { references, scenes: person.scenes })}
      </div>
    </li>
  );
}
