import React, { useCallback, useRef, useState } from "react";
import { Button } from "react-bootstrap";
import { call } from "../../operations.ts";
import { Loading } from "../../shared/Loading.tsx";
import { Problem } from "../../shared/Problem.tsx";
import { Chooser } from "../../shared/recommend/Chooser.tsx";
import { ConfigForm } from "../../shared/recommend/ConfigForm.tsx";
import { LibraryState } from "../../shared/recommend/LibraryState.tsx";
import { NothingRecommended } from "../../shared/recommend/NothingRecommended.tsx";
import { PickGrid } from "../../shared/recommend/PickGrid.tsx";
import { useFeedback } from "../../shared/recommend/useFeedback.ts";
import { useRanking } from "../../shared/recommend/useRanking.ts";
import { useRecompute } from "../../shared/recommend/useRecompute.ts";
import type { SceneSectionProps } from "../../shared/sceneSections.tsx";
import { useOperation } from "../../shared/useOperation.ts";
import { useSeen } from "../../shared/useSeen.ts";
import { useText } from "../../text/text.ts";

const CONTEXT = "similar_scene";
const FEW = 8;
const MANY = 40;
/** Two beside each other in the tab. */
const CARD_PX = 220;

/** Scenes like this one. Asked for when the section comes on screen. */
export function Similar({ scene_id }: SceneSectionProps) {
  const { t } = useText();
  const [place, isSeen] = useSeen<HTMLElement>();
  const [by, setBy] = useState("");
  const [isOpen, setOpen] = useState(false);
  const [limit, setLimit] = useState(FEW);
  const ranking = useRanking({ context: CONTEXT, seeds: [scene_id], limit, ...(by && { recommender: by }) }, isSeen);
  // What there is to choose from is another process on Stash's machine: for who wants to choose.
  const [wantsList, setWantsList] = useState(false);
  const list = useOperation("recommend.list", { context: CONTEXT }, { enabled: wantsList });
  const feedback = useFeedback();
  const { data } = ranking;
  // While others are on their way, those that are there stay.
  const shown = useRef(data);
  if (data) shown.current = data;
  const items = data ?? shown.current;
  const again = () => {
    if (wantsList) list.reload();
    ranking.reload();
  };
  const latest = useRef(again);
  latest.current = again;
  const recompute = useRecompute(useCallback(() => latest.current(), []));
  const recommender = list.data?.recommenders.find(({ id }) => id === data?.recommender);
  const choose = (id: string) => {
    setBy(id);
    const config = list.data?.recommenders.find((one) => one.id === id)?.config;
    if (config)
      call("recommend.save", { context: CONTEXT, recommender: id, config, chosen: true }).catch(() => undefined);
  };
  return (
    <section ref={place} className="sense-section sense-similar" aria-labelledby="sense-similar">
      <div className="sense-similar-head">
        <h5 id="sense-similar">{t("similar")}</h5>
        {!wantsList && (
          <Button variant="secondary" size="sm" onClick={() => setWantsList(true)}>
            {t("similar.choose")}
          </Button>
        )}
      </div>
      {wantsList && !list.data && !list.error && <Loading inline />}
      {list.error && <Problem error={list.error} again={list.reload} />}
      {list.data && data && (
        <Chooser
          list={list.data}
          chosen={data.recommender}
          isOpen={isOpen}
          onChoose={choose}
          onOpen={() => setOpen(!isOpen)}
        />
      )}
      {isOpen && recommender && (
        <div className="card sense-similar-options">
          <ConfigForm context={CONTEXT} recommender={recommender} onSaved={again} />
        </div>
      )}
      {data && <LibraryState library={data.library} recompute={recompute} isOutdated={false} onReload={again} />}
      {ranking.error && <Problem error={ranking.error} again={ranking.reload} isQuiet />}
      {!items && !ranking.error && <Loading inline />}
      {data && data.items.length === 0 && data.library.synced_s !== null && (
        <NothingRecommended
          context={CONTEXT}
          note={data.note}
          library={data.library}
          recommender={recommender}
          onReset={again}
        />
      )}
      {items && items.items.length > 0 && (
        <>
          <PickGrid items={items.items} context={CONTEXT} preferred_px={CARD_PX} zoom={0} feedback={feedback} />
          {items.next && limit < MANY && (
            <Button variant="secondary" size="sm" disabled={ranking.loading} onClick={() => setLimit(MANY)}>
              {t("similar.more")}
            </Button>
          )}
        </>
      )}
    </section>
  );
}
