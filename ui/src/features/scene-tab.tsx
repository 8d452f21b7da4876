/** The scene page's tab: when what was seen, what follows from it, and a button to have it looked at. */
import React from "react";
import { Nav, Tab } from "react-bootstrap";
import type { Feature } from "../feature.ts";
import { addChild } from "../host/patch.ts";
import type { StashProps } from "../host/pluginApi.ts";
import { Broken } from "../shared/Broken.tsx";
import { ErrorBoundary } from "../shared/ErrorBoundary.tsx";
import { SceneSections } from "../shared/sceneSections.tsx";
import { useText } from "../text/text.ts";
import { Panel } from "./scene-tab/Panel.tsx";
import "./scene-tab/scene-tab.css";

const id = "scene-tab";
const KEY = "sense-panel";

function Title() {
  return <>{useText().t("name")}</>;
}

/** One for each scene: without the key, the next one of Stash's queue would show what the one before left. */
function pane({ scene, setTimestamp }: StashProps) {
  const scene_id = Number(scene?.id);
  if (!Number.isInteger(scene_id)) return null;
  const duration_s = Number(scene.files?.[0]?.duration) || 0;
  return (
    <Tab.Pane eventKey={KEY} mountOnEnter unmountOnExit>
      <ErrorBoundary key={scene_id} feature={id} instead={(error) => <Broken error={error} />}>
        <Panel scene_id={scene_id} duration_s={duration_s} vtt={scene.paths?.vtt} setTimestamp={setTimestamp} />
      </ErrorBoundary>
      <SceneSections
        key={`sections-${scene_id}`}
        scene_id={scene_id}
        duration_s={duration_s}
        seek={(at_s) => setTimestamp?.(at_s)}
      />
    </Tab.Pane>
  );
}

export const sceneTab: Feature = {
  id,
  init(signal) {
    addChild("ScenePage.Tabs", id, signal, () => (
      <ErrorBoundary feature={id}>
        <Nav.Item>
          <Nav.Link eventKey={KEY}>
            <Title />
          </Nav.Link>
        </Nav.Item>
      </ErrorBoundary>
    ));
    addChild("ScenePage.TabContent", id, signal, pane);
  },
};
