/** /scenes/:id: finds the scene and its queue, and puts page and player side by side. */
import { useQuery } from "@apollo/client";
import React, { Suspense, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { type RouteComponentProps, useHistory, useLocation } from "react-router-dom";
import { useConfiguration } from "../frame/ConfigurationContext.ts";
import { useKeys } from "../frame/shortcuts.ts";
import { FindSceneDocument, FindScenesDocument } from "../graphql/documents.ts";
import type { Scene, SlimScene } from "../graphql/types.ts";
import { getPlayer } from "../player/current.ts";
import { loaders } from "../plugins/loaders.ts";
import { lazily } from "../shared/chunk.ts";
import { ErrorMessage } from "../shared/ErrorMessage.tsx";
import { LoadingIndicator } from "../shared/LoadingIndicator.tsx";
import { SceneQueue } from "./queue.ts";
import { ScenePage } from "./ScenePage.tsx";

const ScenePlayer = lazily(() => loaders.ScenePlayer().then((module) => module.ScenePlayer));
const NONE: SlimScene[] = [];

function useQueue(queue: SceneQueue): SlimScene[] {
  const variables = queue.variables();
  const { data, previousData } = useQuery<{ findScenes: { scenes: SlimScene[] } }>(FindScenesDocument, {
    variables,
    skip: !variables,
  });
  return variables ? ((data ?? previousData)?.findScenes.scenes ?? NONE) : NONE;
}

export function SceneLoader({ match }: RouteComponentProps<{ id: string }>) {
  const { id } = match.params;
  const location = useLocation();
  const history = useHistory();
  const { data, loading, error } = useQuery<{ findScene: Scene | null }>(FindSceneDocument, { variables: { id } });
  const [scene, setScene] = useState<Scene>();
  // What was shown stays until the next is there: the player is kept.
  useLayoutEffect(() => {
    if (!loading) setScene(data?.findScene ?? undefined);
  }, [loading, data]);

  const search = useMemo(() => new URLSearchParams(location.search), [location.search]);
  const queue = useMemo(() => SceneQueue.fromAddress(location.search), [location.search]);
  const queueScenes = useQueue(queue);
  const [collapsed, setCollapsed] = useState(false);
  const [hideScrubber, setHideScrubber] = useState(!(useConfiguration()?.interface.showScrubber ?? true));
  const [continuePlaylist, setContinuePlaylist] = useState(search.get("continue") === "true");

  const setter = useRef<(seconds: number) => void>();
  const sendSetTimestamp = useCallback((set: (seconds: number) => void) => {
    setter.current = set;
  }, []);
  const setTimestamp = useCallback((seconds: number) => setter.current?.(seconds), []);

  const at = queueScenes.findIndex((one) => one.id === id);
  const isPlaying = () => !(getPlayer()?.paused() ?? true);
  const go = (to: SlimScene | undefined, autoPlay: boolean) => {
    if (to) history.replace(queue.makeLink(to.id, { autoPlay }));
  };
  const next = () => go(at < 0 ? undefined : queueScenes[at + 1], isPlaying());
  const previous = () => go(queueScenes[at - 1], isPlaying());
  const random = () => go(queueScenes[Math.floor(Math.random() * queueScenes.length)], isPlaying());

  useKeys({
    ",": () => setCollapsed((value) => !value),
    ".": () => setHideScrubber((value) => !value),
    "p n": next,
    "p p": previous,
    "p r": random,
  });
  useEffect(() => {
    const title = scene?.title || scene?.files[0]?.basename;
    if (!title) return;
    document.title = `${title} | Stash`;
    return () => {
      document.title = "Stash";
    };
  }, [scene]);

  if (error) return <ErrorMessage error={error.message} />;
  if (!loading && !data?.findScene) return <ErrorMessage error={`No scene with id ${id} found.`} />;
  if (!scene) return <LoadingIndicator />;
  return (
    <div className="row">
      <ScenePage
        scene={scene}
        setTimestamp={setTimestamp}
        queueScenes={queueScenes}
        queueStart={1}
        onDelete={() => history.push("/scenes")}
        onQueueNext={next}
        onQueuePrevious={previous}
        onQueueRandom={random}
        onQueueSceneClicked={(sceneID: string) => history.replace(queue.makeLink(sceneID, { autoPlay: isPlaying() }))}
        continuePlaylist={continuePlaylist}
        collapsed={collapsed}
        setCollapsed={setCollapsed}
        setContinuePlaylist={setContinuePlaylist}
      />
      <div className={`scene-player-container ${collapsed ? "expanded" : ""}`}>
        <Suspense fallback={null}>
          <ScenePlayer
            scene={scene}
            hideScrubberOverride={hideScrubber}
            autoplay={search.get("autoplay") === "true"}
            permitLoop={!continuePlaylist}
            initialTimestamp={Number(search.get("t") ?? 0) || 0}
            sendSetTimestamp={sendSetTimestamp}
            onComplete={() => continuePlaylist && go(queueScenes[at + 1], true)}
            onNext={next}
            onPrevious={previous}
          />
        </Suspense>
      </div>
    </div>
  );
}
