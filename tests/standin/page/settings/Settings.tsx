import React from "react";
import { Col, Nav, Row, Tab } from "react-bootstrap";
import { Link, useLocation } from "react-router-dom";
import { AboutPanel } from "./AboutPanel.tsx";
import { SettingsInterfacePanel } from "./InterfacePanel.tsx";
import { LibraryPanel } from "./LibraryPanel.tsx";
import { LogsPanel } from "./LogsPanel.tsx";
import { PluginsPanel } from "./PluginsPanel.tsx";
import { SettingsProvider } from "./SettingsProvider.tsx";
import { TasksPanel } from "./TasksPanel.tsx";
import { ToolsPanel } from "./ToolsPanel.tsx";

const TABS = [
  { key: "tasks", title: "Tasks", Panel: TasksPanel },
  { key: "library", title: "Library", Panel: LibraryPanel },
  { key: "interface", title: "Interface", Panel: SettingsInterfacePanel },
  { key: "plugins", title: "Plugins", Panel: PluginsPanel },
  { key: "logs", title: "Logs", Panel: LogsPanel },
  { key: "tools", title: "Tools", Panel: ToolsPanel },
  { key: "about", title: "About", Panel: AboutPanel },
];

export function Settings() {
  const wanted = new URLSearchParams(useLocation().search).get("tab");
  const active = TABS.some(({ key }) => key === wanted) ? (wanted ?? "") : "tasks";
  return (
    <Tab.Container activeKey={active} id="configuration-tabs">
      <Row>
        <Col id="settings-menu-container" sm={3} md={3} xl={2}>
          <Nav variant="pills" className="flex-column">
            {TABS.map(({ key, title }) => (
              <Nav.Item key={key}>
                <Nav.Link as={Link} to={`/settings?tab=${key}`} eventKey={key}>
                  {title}
                </Nav.Link>
              </Nav.Item>
            ))}
          </Nav>
        </Col>
        <Col id="settings-container" sm={9} md={9} xl={10}>
          <SettingsProvider>
            <Tab.Content className="mx-auto">
              {TABS.map(({ key, Panel }) => (
                <Tab.Pane key={key} eventKey={key} unmountOnExit mountOnEnter>
                  <Panel />
                </Tab.Pane>
              ))}
            </Tab.Content>
          </SettingsProvider>
        </Col>
      </Row>
    </Tab.Container>
  );
}
