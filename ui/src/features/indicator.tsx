/** In Stash's navigation bar, while something of ours runs, waits, or has failed unseen: what it is, and the way there. */
import "./indicator.css";
import React, { createElement, Fragment } from "react";
import type { Feature } from "../feature.ts";
import { changeProps } from "../host/patch.ts";
import { ErrorBoundary } from "../shared/ErrorBoundary.tsx";
import { Indicator } from "./indicator/Indicator.tsx";
import { keepInformed } from "./indicator/keepInformed.ts";

const id = "indicator";

export const indicator: Feature = {
  id,
  init(signal) {
    // Before Stash's own buttons: these stay where they are when it comes and goes.
    changeProps("MainNavBar.UtilityItems", id, signal, (props) => ({
      ...props,
      children: createElement(
        Fragment,
        null,
        <ErrorBoundary feature={id}>
          <Indicator />
        </ErrorBoundary>,
        props.children,
      ),
    }));
    keepInformed(signal);
  },
};
