import React, { useCallback, useRef, useState } from "react";
import { Alert, Nav } from "react-bootstrap";
import { call } from "../../operations.ts";
import { useKept } from "../../shared/kept.ts";
import { Loading } from "../../shared/Loading.tsx";
import { Problem } from "../../shared/Problem.tsx";
import { Chooser } from "../../shared/recommend/Chooser.tsx";
import { Comparison } from "../../shared/recommend/Comparison.tsx";
import { ConfigForm } from "../../shared/recommend/ConfigForm.tsx";
import { WIDTHS_PX } from "../../shared/recommend/cards.ts";
import { LibraryState } from "../../shared/recommend/LibraryState.tsx";
import { NothingRecommended, Tracking } from "../../shared/recommend/NothingRecommended.tsx";
import { PickGrid } from "../../shared/recommend/PickGrid.tsx";
import { useFeedback } from "../../shared/recommend/useFeedback.ts";
import { useRanking } from "../../shared/recommend/useRanking.ts";
import { useRecompute } from "../../shared/recommend/useRecompute.ts";
import { useOperation } from "../../shared/useOperation.ts";
import { useText } from "../../text/text.ts";
import { FeedbackDialog } from "./FeedbackDialog.tsx";
import { Pager } from "./Pager.tsx";
import { contextOf, VIEWS } from "./query.ts";
import { Sizes, ZOOMS } from "./Sizes.tsx";
import { useQuery } from "./useQuery.ts";

export const SIZES = [20, 40, 80] as const;

export function ForYou() {
  const { t } = useText();
  const [query, change, trail] = useQuery();
  const context = contextOf(query.view);
  const [size, setSize] = useKept("for-you.size", SIZES, 40);
  const [zoom, setZoom] = useKept("for-you.zoom", ZOOMS, 0);
  const [isOpen, setOpen] = useState(false);
  const [showsFeedback, setShowsFeedback] = useState(false);
  const [isOutdated, setOutdated] = useState(false);
  const list = useOperation("recommend.list", { context });
  const ranking = useRanking({
    context,
    limit: size,
    ...(query.by && { recommender: query.by }),
    ...(query.after && { cursor: query.after }),
  });
  const feedback = useFeedback();
  const { data } = ranking;
  const chosen = data?.recommender ?? (query.by || list.data?.chosen);
  const recommender = list.data?.recommenders.find(({ id }) => id === chosen);

  const again = () => {
    setOutdated(false);
    list.reload();
    ranking.reload();
  };
  const anew = () => {
    if (query.after) change({ after: "", page: 1 });
    again();
  };
  const library = data?.library ?? list.data?.library;
  const isUnread = library?.synced_s === null;
  const latest = useRef(() => {});
  latest.current = () => {
    // Whoever looks at nothing waits for it; what somebody looks at stays until they want another.
    if (!data || isUnread || data.items.length === 0) again();
    else setOutdated(true);
  };
  const recompute = useRecompute(useCallback(() => latest.current(), []));
  const choose = (id: string) => {
    change({ by: id, after: "", page: 1 });
    const config = list.data?.recommenders.find((one) => one.id === id)?.config;
    // A wish for the next time: what is shown does not wait for it.
    if (config) call("recommend.save", { context, recommender: id, config, chosen: true }).catch(() => undefined);
  };

  return (
    <div className="sense-for-you">
      <Nav variant="tabs" as="nav" aria-label={t("for_you.views")} activeKey={query.view}>
        {VIEWS.map((view) => (
          <Nav.Item key={view}>
            <Nav.Link
              as="button"
              type="button"
              eventKey={view}
              aria-current={view === query.view ? "page" : undefined}
              onClick={() => change({ view, by: "", after: "", page: 1 })}
            >
              {t(`for_you.view.${view}`)}
            </Nav.Link>
          </Nav.Item>
        ))}
      </Nav>
      <div className="sense-for-you-bar">
        {list.data && chosen !== undefined && (
          <Chooser list={list.data} chosen={chosen} isOpen={isOpen} onChoose={choose} onOpen={() => setOpen(!isOpen)} />
        )}
        <Sizes
          sizes={SIZES}
          size={size}
          zoom={zoom}
          onZoom={setZoom}
          onSize={(next) => {
            setSize(next);
            if (query.after) change({ after: "", page: 1 });
          }}
          onFeedback={() => setShowsFeedback(true)}
        />
      </div>
      {isOpen && list.data && recommender && (
        <div className="sense-for-you-options card">
          <ConfigForm context={context} recommender={recommender} onSaved={anew} />
          <Comparison list={list.data} recompute={recompute} />
        </div>
      )}
      {library && <LibraryState library={library} recompute={recompute} isOutdated={isOutdated} onReload={anew} />}
      {list.error && <Problem error={list.error} again={list.reload} />}
      {ranking.error && <Problem error={ranking.error} again={ranking.reload} />}
      {data?.warnings.map((warning) => (
        <Alert key={warning} variant="warning">
          {warning}
        </Alert>
      ))}
      {!data && !ranking.error && <Loading />}
      {data && data.items.length === 0 && !isUnread && (
        <NothingRecommended
          context={context}
          note={data.note}
          library={data.library}
          recommender={recommender}
          onReset={anew}
        />
      )}
      {data && data.items.length > 0 && (
        <>
          {data.note && <p className="text-muted">{data.note}</p>}
          {data.library.watched === 0 && context === "global_feed" && (
            <div className="sense-cold">
              <p>{t("recommend.cold")}</p>
              <Tracking />
            </div>
          )}
          <PickGrid
            items={data.items}
            context={context}
            preferred_px={WIDTHS_PX[zoom]}
            zoom={zoom}
            feedback={feedback}
          />
          <Pager query={query} trail={trail} size={size} total={data.total} next={data.next} change={change} />
        </>
      )}
      {showsFeedback && <FeedbackDialog onClose={() => setShowsFeedback(false)} />}
    </div>
  );
}
