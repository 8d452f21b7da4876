/** Parts of the scene page's tab that stand by themselves: each is a feature of its own, and fails by itself. */
import React, { type ComponentType } from "react";
import { Broken } from "./Broken.tsx";
import { ErrorBoundary } from "./ErrorBoundary.tsx";

export interface SceneSectionProps {
  scene_id: number;
  /** 0 where Stash does not know it. */
  duration_s: number;
  /** Stash's way to a moment. */
  seek(at_s: number): void;
}

const sections: { feature: string; signal: AbortSignal; Section: ComponentType<SceneSectionProps> }[] = [];

/** Show `Section` in the tab of each scene, behind those that were added before. */
export function addSceneSection(feature: string, signal: AbortSignal, Section: ComponentType<SceneSectionProps>): void {
  sections.push({ feature, signal, Section });
}

export function SceneSections(props: SceneSectionProps) {
  return (
    <>
      {sections
        .filter(({ signal }) => !signal.aborted)
        .map(({ feature, Section }) => (
          <ErrorBoundary key={feature} feature={feature} instead={(error) => <Broken error={error} />}>
            <Section {...props} />
          </ErrorBoundary>
        ))}
    </>
  );
}
