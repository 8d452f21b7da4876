/** The settings page, and its entry in Stash's own settings of the plugin. */
import "./settings-page.css";
import React from "react";
import type { Feature } from "../feature.ts";
import { addBefore } from "../host/patch.ts";
import { addPage } from "../host/route.tsx";
import { PLUGIN_ID } from "../operations.ts";
import { ErrorBoundary } from "../shared/ErrorBoundary.tsx";
import { PAGES } from "../shared/pages.ts";
import { SensePage } from "../shared/SensePage.tsx";
import { Entry } from "./settings-page/Entry.tsx";
import { Settings } from "./settings-page/Settings.tsx";

const id = "settings-page";

function Page() {
  return (
    <SensePage title={PAGES.settings.title}>
      <Settings />
    </SensePage>
  );
}

export const settingsPage: Feature = {
  id,
  init(signal) {
    addPage(PAGES.settings.path, id, signal, Page);
    addBefore("PluginSettings", id, signal, ({ pluginID }) =>
      pluginID === PLUGIN_ID ? (
        <ErrorBoundary feature={id}>
          <Entry />
        </ErrorBoundary>
      ) : null,
    );
  },
};
