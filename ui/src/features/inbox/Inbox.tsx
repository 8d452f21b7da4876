/** The page itself: groups on the left, their suggestions on the right; on a phone one after the other. */
import React, { useEffect, useMemo, useRef } from "react";
import { Alert, Button } from "react-bootstrap";
import { Loading } from "../../shared/Loading.tsx";
import { Problem, sentence } from "../../shared/Problem.tsx";
import { FacePicturesContext, useMadeFacePictures } from "../../shared/people/pictures.ts";
import { useOperation } from "../../shared/useOperation.ts";
import { useText } from "../../text/text.ts";
import { GroupDone, InboxZero, NoHistory, NothingAnalysed, NothingFound } from "./Empty.tsx";
import { Filters } from "./Filters.tsx";
import { GroupList, titleOf } from "./GroupList.tsx";
import { after, corrected, type Group } from "./groups.ts";
import { Head } from "./Head.tsx";
import { OpenGroup } from "./OpenGroup.tsx";
import { ALL, filterOf, filtersOf, formatQuery, groupWithin, matches, whereOf, withoutFilters } from "./query.ts";
import { SourcesContext, useMadeSources } from "./sources.ts";
import { useDecisions } from "./useDecisions.ts";
import { MOST_GROUPS, useGroups } from "./useGroups.ts";
import { useQuery } from "./useQuery.ts";
import { useRows } from "./useRows.ts";
import { useFill, useNarrow } from "./useSize.ts";
import { useStatus } from "./useStatus.ts";
import { useView } from "./useView.ts";

const LEAST_PX = 360;

export function Inbox() {
  const text = useText();
  const { t } = text;
  const [query, change] = useQuery();
  const isNarrow = useNarrow();
  const sources = useMadeSources();
  const faces = useMadeFacePictures();
  const status = useStatus();
  const policies = useOperation("policy.list", {}, { enabled: query.by === "label" });
  const groups = useGroups(query);
  const isCards = useView(query);

  const latest = useRef({ known: new Set<number>(), reloadRows: groups.reload, reloadGroups: groups.reload });
  latest.current.reloadGroups = groups.reload;
  const decisions = useDecisions(query.state, {
    onSettled: () => latest.current.reloadGroups(),
    onStale: () => latest.current.reloadRows(),
    onRestored: (ids) => {
      latest.current.reloadGroups();
      if (ids.some((id) => !latest.current.known.has(id))) latest.current.reloadRows();
    },
  });
  const { hidden, since, bulk } = decisions;

  const open = query.group || (!isNarrow && groups.groups?.length === 0 ? ALL : "");
  const list = useRows(query, open !== "", (id) => hidden.has(id));
  latest.current.reloadRows = list.reload;
  latest.current.known = useMemo(() => new Set(list.rows?.map((row) => row.id)), [list.rows]);
  // Not what has come since: its owner has not seen that.
  const { newest_id } = list;
  const where = useMemo(
    () => ({ ...whereOf(query), ...(newest_id > 0 && { up_to_id: newest_id }) }),
    [query, newest_id],
  );
  const rows = useMemo(
    () => (list.rows ?? []).filter((row) => !hidden.has(row.id) && !(bulk && matches(bulk.where, row))),
    [list.rows, hidden, bulk],
  );
  const gone = (list.rows?.length ?? 0) - (list.rows ?? []).filter((row) => !hidden.has(row.id)).length;
  const total = Math.max(rows.length, list.count - gone);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` says that the ledger is another.
  const shownGroups = useMemo(
    () => corrected(groups.groups ?? [], query.by, since(groups.asked_ms), open),
    [groups.groups, groups.asked_ms, query.by, since, open, decisions.version],
  );
  const group = shownGroups.find((one) => one.key === open);
  const isSettled = !decisions.isBusy && !bulk && !list.loading && !groups.loading && groups.asked_ms > list.asked_ms;
  const fresh = isSettled && list.rows && group ? Math.max(0, group.count - total) : 0;

  // Whoever comes to the inbox sees its first group; from then on it is that one, wherever it moves.
  const first = groups.groups?.[0]?.key;
  useEffect(() => {
    if (!isNarrow && !query.group && first !== undefined) change({ group: first }, "replace");
  }, [isNarrow, query.group, first, change]);

  // Other filters may leave no row of that one. It stays while they stay, though all of it is decided.
  const filters = JSON.stringify([query.state, filterOf(query)]);
  const grouped = useRef(filters);
  const keys = groups.groups?.map(({ key }) => key);
  useEffect(() => {
    if (!keys || grouped.current === filters) return;
    grouped.current = filters;
    const within = query.group && groupWithin(query.group, keys);
    if (within !== query.group) change({ group: isNarrow ? "" : within }, "replace");
  });

  // Analyses go on meanwhile: the groups are counted anew when the plugin has others.
  const waiting = status.data?.suggestions.pending;
  const counted = useRef<number>();
  useEffect(() => {
    if (waiting === undefined) return;
    if (counted.current !== undefined && counted.current !== waiting) latest.current.reloadGroups();
    counted.current = waiting;
  }, [waiting]);

  const fill = useRef<HTMLDivElement>(null);
  const height = useFill(fill, LEAST_PX);
  const analysed = Object.values(status.data?.analysed ?? {}).reduce((sum, count) => sum + count, 0);
  const isEmpty = groups.groups !== undefined && shownGroups.every((one) => one.count === 0) && !bulk;
  const isHistory = query.state !== "pending";

  // What failed, failed at once for all.
  const reload = () => {
    for (const one of [groups, list, status, policies]) one.reload();
  };
  let body: React.ReactNode;
  if (groups.error && !groups.groups) body = <Problem error={groups.error} again={reload} />;
  else if (!groups.groups) body = <Loading />;
  else if (isEmpty && rows.length === 0 && !list.loading) {
    if (filtersOf(query) > 0) body = <NothingFound onClear={() => change(withoutFilters(query), "push")} />;
    else if (isHistory) body = <NoHistory />;
    else if (status.data && analysed === 0)
      body = (
        <NothingAnalysed
          isAtWork={status.data.drain.state === "running" || (status.data.queue.pending ?? 0) > 0}
          onBegun={status.reload}
        />
      );
    else body = status.data || status.error ? <InboxZero /> : <Loading />;
  } else {
    const next = after(shownGroups, open);
    body = (
      <>
        {(!isNarrow || !open) && (
          <aside className="sense-inbox-groups" aria-label={t("inbox.groups")}>
            <GroupList
              query={query}
              change={change}
              groups={shownGroups}
              open={open}
              isCut={groups.groups.length >= MOST_GROUPS}
            />
          </aside>
        )}
        {open && (
          <section className="sense-inbox-rows" aria-label={group ? titleOf(text, query.by, group) : t("inbox.all")}>
            <OpenGroup
              key={formatQuery({ ...query, view: "", find: "" })}
              query={query}
              rows={rows}
              total={total}
              top={group?.top ?? shownGroups.reduce((most, one) => Math.max(most, one.top ?? 0), 0)}
              low={group ? group.low : least(shownGroups)}
              decisions={decisions}
              list={list}
              head={(children) => (
                <Head
                  query={query}
                  change={change}
                  group={group}
                  total={total}
                  policies={policies}
                  isCards={isCards}
                  isNarrow={isNarrow}
                  isPeople={rows.length > 0 && rows.every(({ type }) => type === "performer")}
                >
                  {children}
                </Head>
              )}
              where={where}
              isCards={isCards}
              fresh={fresh}
              done={
                <GroupDone
                  next={next && titleOf(text, query.by, next)}
                  to={formatQuery({ ...query, group: next?.key ?? "" })}
                />
              }
            />
          </section>
        )}
      </>
    );
  }
  return (
    <SourcesContext.Provider value={sources}>
      <FacePicturesContext.Provider value={faces}>
        {status.data?.sidecar && !status.data.sidecar.ok && (
          <div role="status" className="sense-inbox-notice sense-inbox-note bg-secondary">
            {t("inbox.sidecar")} <small>{status.data.sidecar.message}</small>
          </div>
        )}
        {decisions.failure && (
          <Alert
            variant="danger"
            role="alert"
            className="sense-problem sense-inbox-notice"
            dismissible
            onClose={decisions.forgive}
          >
            <span>
              {t("inbox.failed", { count: decisions.failure.count })} {sentence(text, decisions.failure.error)}
            </span>
            <Button variant="secondary" size="sm" onClick={decisions.failure.again}>
              {t("action.again")}
            </Button>
          </Alert>
        )}
        {(!isNarrow || !open) && <Filters query={query} change={change} isNarrow={isNarrow} />}
        <div ref={fill} className="sense-inbox" style={{ height }}>
          {body}
        </div>
      </FacePicturesContext.Provider>
    </SourcesContext.Provider>
  );
}

/** The lowest score of all groups, where each says its own. */
function least(groups: readonly Group[]): number | undefined {
  const lows = groups.map((group) => group.low).filter((low): low is number => low !== undefined);
  return lows.length === groups.length && lows.length > 0 ? Math.min(...lows) : undefined;
}
