import { faEye, faEyeSlash, faObjectGroup } from "@fortawesome/free-solid-svg-icons";
import React, { useEffect, useMemo, useRef, useState } from "react";
import { Button, Form } from "react-bootstrap";
import { call } from "../../operations.ts";
import type { FaceState, Group } from "../../schemas/people.ts";
import { Icon } from "../../shared/Icon.tsx";
import { Loading } from "../../shared/Loading.tsx";
import { Problem } from "../../shared/Problem.tsx";
import { useText } from "../../text/text.ts";
import { GroupCard } from "./GroupCard.tsx";
import { Merges } from "./Merges.tsx";
import { NameDialog } from "./NameDialog.tsx";
import { ORDERS, type Query } from "./query.ts";
import { useAct } from "./useAct.ts";
import { useGridKeys } from "./useGridKeys.ts";
import { usePaged } from "./usePaged.ts";
import type { ChangeQuery } from "./useQuery.ts";

interface Props {
  query: Query;
  change: ChangeQuery;
  state: FaceState | undefined;
  /** Another number: ask anew. */
  turn: number;
  changed(): void;
}

const PAGE = 60;

/** Groups of tracks that nobody has named. */
export function Unknown({ query, change, state, turn, changed }: Props) {
  const { t } = useText();
  const { pages, error, loading, hasMore, more, reload } = usePaged("people.groups", {
    order: query.order,
    ignored: query.ignored,
    limit: PAGE,
  });
  const seen = useRef(turn);
  useEffect(() => {
    if (seen.current !== turn) reload();
    seen.current = turn;
  }, [turn, reload]);
  const groups = useMemo(() => pages?.flatMap((page) => page.groups), [pages]);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const chosen = groups?.filter(({ id }) => ticked.has(id)) ?? [];
  const [naming, setNaming] = useState<Group>();
  const act = useAct(changed);
  const grid = useRef<HTMLUListElement>(null);

  const tick = (id: string) =>
    setTicked((before) =>
      before.has(id) ? new Set([...before].filter((one) => one !== id)) : new Set([...before, id]),
    );
  const merge = async () => {
    const ids = chosen.map(({ id }) => id);
    const done = await act.run(async () => {
      const { merge_id } = await call("people.merge", { ids });
      return { said: t("people.merged", { count: ids.length }), undo: () => call("people.unmerge", { merge_id }) };
    });
    if (done) setTicked(new Set());
  };
  const ignore = async (ids: readonly string[]) => {
    const ignored = !query.ignored;
    const set = (to: boolean) => call("people.ignore", { ids: [...ids], ignored: to });
    const done = await act.run(async () => {
      await set(ignored);
      return {
        said: t(ignored ? "people.ignored" : "people.unignored", { count: ids.length }),
        undo: () => set(!ignored),
      };
    });
    if (done) setTicked(new Set());
  };
  const open = (id: string) => change({ group: id });
  const onKeyDown = useGridKeys(grid, {
    s: tick,
    x: (id) => void ignore([id]),
    n: (id) => setNaming(groups?.find((one) => one.id === id)),
    m: () => chosen.length > 1 && void merge(),
  });

  return (
    <section className="sense-people-body" aria-label={t("people.tab.unknown")}>
      <div className="sense-people-bar">
        <Form.Control
          as="select"
          size="sm"
          className="input-control"
          aria-label={t("people.order")}
          title={t("people.order")}
          value={query.order}
          onChange={(event) =>
            change({ order: ORDERS.find((one) => one === event.target.value) ?? "scenes" }, "replace")
          }
        >
          {ORDERS.map((order) => (
            <option key={order} value={order}>
              {t(`people.order.${order}`)}
            </option>
          ))}
        </Form.Control>
        <Form.Check
          type="switch"
          id="sense-people-ignored"
          label={t("people.show_ignored")}
          checked={query.ignored}
          onChange={(event) => {
            setTicked(new Set());
            change({ ignored: event.currentTarget.checked }, "replace");
          }}
        />
        {chosen.length > 0 && (
          <span className="sense-people-chosen">
            <span role="status">{t("people.chosen", { count: chosen.length })}</span>
            <Button variant="primary" size="sm" disabled={act.busy || chosen.length < 2} onClick={() => void merge()}>
              <Icon icon={faObjectGroup} /> {t("people.merge")}
            </Button>
            <Button
              variant="secondary"
              size="sm"
              disabled={act.busy}
              onClick={() => void ignore(chosen.map(({ id }) => id))}
            >
              <Icon icon={query.ignored ? faEye : faEyeSlash} />{" "}
              {t(query.ignored ? "people.unignore" : "people.ignore")}
            </Button>
            <Button variant="link" size="sm" onClick={() => setTicked(new Set())}>
              {t("people.choose_none")}
            </Button>
          </span>
        )}
        <Merges merges={pages?.[0]?.merges ?? []} act={act} />
      </div>
      {error && <Problem error={error} again={reload} />}
      {!groups && !error && <Loading />}
      {groups?.length === 0 && <Nobody query={query} state={state} />}
      {groups && groups.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveElementInteractions: keys of what is in it.
        <ul ref={grid} className="sense-people-grid" aria-label={t("people.tab.unknown")} onKeyDown={onKeyDown}>
          {groups.map((group) => (
            <GroupCard
              key={group.id}
              group={group}
              points={state?.points}
              isTicked={ticked.has(group.id)}
              isBusy={act.busy}
              onTick={() => tick(group.id)}
              onOpen={() => open(group.id)}
              onName={() => setNaming(group)}
              onIgnore={() => void ignore([group.id])}
            />
          ))}
        </ul>
      )}
      {hasMore && (
        <Button variant="secondary" size="sm" disabled={loading} onClick={more}>
          {t("people.more")}
        </Button>
      )}
      {groups && groups.length > 0 && (
        <p className="sense-help text-muted d-none d-md-flex">
          {(["open", "tick", "name", "ignore", "merge"] as const).map((key) => (
            <span key={key}>
              <kbd>{t(`people.key.${key}`)}</kbd> {t(`people.key.${key}.does`)}
            </span>
          ))}
        </p>
      )}
      {naming && (
        <NameDialog group={naming} points={state?.points} changed={changed} onClose={() => setNaming(undefined)} />
      )}
    </section>
  );
}

/** Why there is nobody. */
function Nobody({ query, state }: { query: Query; state: FaceState | undefined }) {
  const { t } = useText();
  const why = query.ignored ? "ignored" : !state || state.media > 0 ? "named" : "unseen";
  return <p className="sense-people-empty text-muted">{t(`people.none.${why}`)}</p>;
}
