import React, { type ComponentType } from "react";
import { Broken } from "../shared/Broken.tsx";
import { ErrorBoundary } from "../shared/ErrorBoundary.tsx";
import { pluginApi, type StashProps } from "./pluginApi.ts";

/** Show `Page` at exactly `path`. */
export function addPage(path: string, feature: string, signal: AbortSignal, Page: ComponentType): void {
  function Route({ match }: StashProps) {
    if (signal.aborted || match?.isExact === false) return null;
    return (
      <ErrorBoundary feature={feature} instead={(error) => <Broken error={error} />}>
        <Page />
      </ErrorBoundary>
    );
  }
  pluginApi().register.route(path, Route);
}
