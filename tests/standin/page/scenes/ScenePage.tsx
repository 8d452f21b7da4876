/** What stands beside the player: title, tools, tabs. */
import { faBox, faChevronLeft, faChevronRight } from "@fortawesome/free-solid-svg-icons";
import React, { useState } from "react";
import { Button, Nav, Tab } from "react-bootstrap";
import { useIntl } from "react-intl";
import { Link } from "react-router-dom";
import { useKeys } from "../frame/shortcuts.ts";
import { useToast } from "../frame/Toasts.tsx";
import { client } from "../graphql/client.ts";
import { SceneUpdateDocument } from "../graphql/documents.ts";
import type { Scene, SlimScene } from "../graphql/types.ts";
import { getPlayer } from "../player/current.ts";
import { loadEditPanel } from "../plugins/loaders.ts";
import { patchComponent, patchContainer } from "../plugins/patch.tsx";
import { lazily } from "../shared/chunk.ts";
import { Icon } from "../shared/Icon.tsx";
import { LoadingIndicator } from "../shared/LoadingIndicator.tsx";
import { RatingSystem } from "../shared/RatingSystem.tsx";
import { TruncatedText } from "../shared/TruncatedText.tsx";
import { objectTitle, resolution } from "../shared/text.ts";
import { DetailsPanel } from "./panels/DetailsPanel.tsx";
import { FileInfoPanel } from "./panels/FileInfoPanel.tsx";
import { FilterPanel } from "./panels/FilterPanel.tsx";
import { HistoryPanel } from "./panels/HistoryPanel.tsx";
import { MarkersPanel } from "./panels/MarkersPanel.tsx";
import { QueuePanel } from "./panels/QueuePanel.tsx";

export interface ScenePageProps {
  scene: Scene;
  setTimestamp: (seconds: number) => void;
  queueScenes: SlimScene[];
  queueStart: number;
  onDelete: () => void;
  onQueueNext: () => void;
  onQueuePrevious: () => void;
  onQueueRandom: () => void;
  onQueueSceneClicked: (sceneID: string) => void;
  continuePlaylist: boolean;
  collapsed: boolean;
  setCollapsed: (value: boolean) => void;
  setContinuePlaylist: (value: boolean) => void;
}

const Tabs = patchContainer<ScenePageProps>("ScenePage.Tabs");
const TabContent = patchContainer<ScenePageProps>("ScenePage.TabContent");
const EditPanel = lazily(() => loadEditPanel().then((module) => module.SceneEditPanel));

const key = (name: string) => `scene-${name}-panel`;

function link(name: string, text: React.ReactNode) {
  return (
    <Nav.Item>
      <Nav.Link eventKey={key(name)}>{text}</Nav.Link>
    </Nav.Item>
  );
}

function Header({ scene }: { scene: Scene }) {
  const intl = useIntl();
  const file = scene.files[0];
  const rate = file ? `${intl.formatNumber(file.frame_rate)} fps` : "";
  return (
    <>
      <div className="scene-header-container">
        {scene.studio && (
          <h1 className="text-center scene-studio-image">
            <Link to={`/studios/${scene.studio.id}`}>{scene.studio.name}</Link>
          </h1>
        )}
        <h3 className={`scene-header ${scene.studio ? "" : "no-studio"}`}>
          <TruncatedText lineCount={2} text={objectTitle(scene)} />
        </h3>
      </div>
      <div className="scene-subheader">
        <span className="date">
          {scene.date && intl.formatDate(scene.date, { dateStyle: "long", timeZone: "utc" })}
        </span>
        <span>
          <span className="frame-rate">{rate}</span> <span className="divider">|</span>{" "}
          <span className="resolution">{file && resolution(file.width, file.height)}</span>
        </span>
      </div>
    </>
  );
}

function Tools({ scene }: { scene: Scene }) {
  const toast = useToast();
  const update = (input: Record<string, unknown>) =>
    client
      .mutate({ mutation: SceneUpdateDocument, variables: { input: { id: scene.id, ...input } } })
      .catch((error) => toast.error(error));
  return (
    <div className="scene-toolbar">
      <span className="scene-toolbar-group">
        <RatingSystem value={scene.rating100} onSetRating={(rating100) => update({ rating100 })} clickToRate />
      </span>
      <span className="scene-toolbar-group">
        <span>
          <Button
            variant="secondary"
            title="Organized"
            className={`minimal organized-button ${scene.organized ? "organized" : "not-organized"}`}
            onClick={() => update({ organized: !scene.organized })}
          >
            <Icon icon={faBox} />
          </Button>
        </span>
      </span>
    </div>
  );
}

export const ScenePage = patchComponent<ScenePageProps>("ScenePage", (props) => {
  const { scene, queueScenes, collapsed, setCollapsed, setTimestamp } = props;
  const [active, setActive] = useState(key("details"));
  const hasQueue = queueScenes.length > 0;

  useKeys({
    a: () => setActive(key("details")),
    q: () => setActive(key("queue")),
    e: () => setActive(key("edit")),
    k: () => setActive(key("markers")),
    i: () => setActive(key("file-info")),
    h: () => setActive(key("history")),
    o: () => undefined,
  });

  return (
    <>
      <div className={`scene-tabs order-xl-first order-last ${collapsed ? "collapsed" : ""}`}>
        <div>
          <Header scene={scene} />
          <Tools scene={scene} />
        </div>
        <Tab.Container activeKey={active} onSelect={(selected) => selected && setActive(selected)}>
          <div>
            <Nav variant="tabs" className="mr-auto">
              <Tabs {...props}>
                {link("details", "Details")}
                {hasQueue && link("queue", "Queue")}
                {link("markers", "Markers")}
                {scene.groups.length > 0 && link("group", "Groups")}
                {scene.galleries.length > 0 && link("galleries", "Galleries")}
                {link("video-filter", "Filters")}
                {link("file-info", "File Info")}
                {link("history", "History")}
                {link("edit", "Edit")}
              </Tabs>
            </Nav>
          </div>
          <Tab.Content>
            <TabContent {...props}>
              <Tab.Pane eventKey={key("details")}>
                <DetailsPanel scene={scene} />
              </Tab.Pane>
              <Tab.Pane eventKey={key("queue")}>
                <QueuePanel {...props} />
              </Tab.Pane>
              <Tab.Pane eventKey={key("markers")}>
                <MarkersPanel scene={scene} sceneId={scene.id} onClickMarker={({ seconds }) => setTimestamp(seconds)} />
              </Tab.Pane>
              <Tab.Pane eventKey={key("group")}>
                {scene.groups.map(({ group }) => (
                  <div key={group.id}>{group.name}</div>
                ))}
              </Tab.Pane>
              {scene.galleries.length > 0 && (
                <Tab.Pane eventKey={key("galleries")}>
                  {scene.galleries.map((gallery) => (
                    <div key={gallery.id}>
                      <Link to={`/galleries/${gallery.id}`}>{gallery.title || `Gallery ${gallery.id}`}</Link>
                    </div>
                  ))}
                </Tab.Pane>
              )}
              <Tab.Pane eventKey={key("video-filter")}>
                <FilterPanel getVideo={() => getPlayer()?.el().querySelector("video") ?? undefined} />
              </Tab.Pane>
              <Tab.Pane className="file-info-panel" eventKey={key("file-info")}>
                <FileInfoPanel scene={scene} />
              </Tab.Pane>
              <Tab.Pane eventKey={key("edit")} mountOnEnter>
                <React.Suspense fallback={<LoadingIndicator />}>
                  <EditPanel
                    key={scene.id}
                    scene={scene}
                    isVisible={active === key("edit")}
                    onDelete={props.onDelete}
                  />
                </React.Suspense>
              </Tab.Pane>
              <Tab.Pane eventKey={key("history")}>
                <HistoryPanel scene={scene} />
              </Tab.Pane>
            </TabContent>
          </Tab.Content>
        </Tab.Container>
      </div>
      <div className="scene-divider d-none d-xl-block">
        <Button title={collapsed ? "Show" : "Hide"} onClick={() => setCollapsed(!collapsed)}>
          <Icon className="fa-fw" icon={collapsed ? faChevronRight : faChevronLeft} />
        </Button>
      </div>
    </>
  );
});
