/** What is known of an image, below its details; of a gallery, above its images. */
import "./image-panel.css";
import React, { type ReactElement } from "react";
import type { Feature } from "../feature.ts";
import { addAfter, addBefore } from "../host/patch.ts";
import type { StashProps } from "../host/pluginApi.ts";
import { ErrorBoundary } from "../shared/ErrorBoundary.tsx";
import { StillPanel } from "./image-panel/StillPanel.tsx";

const id = "image-panel";

function panel(kind: "image" | "gallery", props: StashProps): ReactElement | null {
  const medium = Number(props[kind]?.id);
  if (!Number.isSafeInteger(medium) || medium <= 0) return null;
  return (
    <ErrorBoundary feature={id}>
      <StillPanel key={medium} kind={kind} id={medium} />
    </ErrorBoundary>
  );
}

export const imagePanel: Feature = {
  id,
  init(signal) {
    addAfter("ImageDetailPanel", id, signal, (props) => panel("image", props));
    // The details of a gallery cannot be added to: Stash has no name for them.
    addBefore("GalleryImagesPanel", id, signal, (props) => panel("gallery", props));
  },
};
