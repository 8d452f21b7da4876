import React, { useState } from "react";
import { pluginApi, stashComponent } from "../../host/pluginApi.ts";
import type { Context, Item } from "../../schemas/recommend.ts";
import { useText } from "../../text/text.ts";
import { Loading } from "../Loading.tsx";
import { useWidth } from "../useWidth.ts";
import { cardWidth } from "./cards.ts";
import { nameOf, PickCard } from "./PickCard.tsx";
import type { Feedback } from "./useFeedback.ts";
import { useScenes } from "./useScenes.ts";
import { WhyDialog } from "./WhyDialog.tsx";

interface Props {
  items: readonly Item[];
  context: Context;
  preferred_px: number;
  zoom: number;
  feedback: Feedback;
}

/** What is recommended, as cards. */
export function PickGrid({ items, context, preferred_px, zoom, feedback }: Props) {
  const { t } = useText();
  const [row, available] = useWidth<HTMLUListElement>();
  const scenes = useScenes(items.map((item) => item.scene_id));
  const isLoading = useCards();
  const [asked, setAsked] = useState<Item>();
  const width = cardWidth(available, preferred_px);
  const shown = items.filter((item) => isShown(context, feedback, item));
  return (
    <>
      <ul ref={row} className="row justify-content-center sense-picks" aria-label={t("recommend.list")}>
        {scenes && !isLoading && available > 0 ? (
          shown.map((item) => (
            <PickCard
              key={item.scene_id}
              item={item}
              scene={scenes.get(item.scene_id)}
              context={context}
              width={width}
              zoom={zoom}
              feedback={feedback}
              onWhy={() => setAsked(item)}
            />
          ))
        ) : (
          <li className="sense-picks-loading">
            <Loading />
          </li>
        )}
      </ul>
      {asked && (
        <WhyDialog
          item={asked}
          title={nameOf(asked, scenes?.get(asked.scene_id))}
          onClose={() => setAsked(undefined)}
        />
      )}
    </>
  );
}

/** What was hidden, or is kept, is out of the list at once. What was hidden elsewhere may well go. */
function isShown(context: Context, feedback: Feedback, item: Item): boolean {
  const verdict = feedback.of(item);
  return verdict !== (context === "prune_candidates" ? "more" : "hide");
}

/** True while Stash's cards are on their way. */
function useCards(): boolean {
  const { hooks, loadableComponents } = pluginApi();
  const load = loadableComponents?.SceneCard;
  // Which of them this Stash has does not change while the page is open.
  const isLoading = hooks.useLoadComponents?.(load ? [load] : []) ?? false;
  return isLoading && !stashComponent("SceneCard");
}
