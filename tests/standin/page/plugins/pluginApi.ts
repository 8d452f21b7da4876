/** window.PluginApi, in the shape of Stash's at v0.30. */
import * as Apollo from "@apollo/client";
import * as FontAwesomeBrands from "@fortawesome/free-brands-svg-icons";
import * as FontAwesomeRegular from "@fortawesome/free-regular-svg-icons";
import * as FontAwesomeSolid from "@fortawesome/free-solid-svg-icons";
import Mousetrap from "mousetrap";
import * as MousetrapPause from "mousetrap-pause";
import React from "react";
import * as Bootstrap from "react-bootstrap";
import ReactDOM from "react-dom";
import * as ReactIntl from "react-intl";
import * as ReactRouterDOM from "react-router-dom";
import * as ReactSelect from "react-select";
import { useToast } from "../frame/Toasts.tsx";
import * as GQL from "../graphql/documents.ts";
import * as StashService from "../graphql/service.ts";
import { getPlayer } from "../player/current.ts";
import { useSettings } from "../settings/context.ts";
import { useSpriteInfo } from "../shared/useSpriteInfo.ts";
import { components, registerComponent } from "./components.ts";
import { events } from "./events.ts";
import { loaders } from "./loaders.ts";
import { loadComponents, useLoadComponents } from "./loading.ts";
import { NavUtils } from "./navigation.ts";
import { registerRoute } from "./PluginRoutes.tsx";
import { after, before, instead } from "./patch.tsx";

/** The stand-in has neither toys nor a lightbox: the hooks are there, and do nothing. */
const useInteractive = () => ({ interactive: undefined, state: "Missing", serverOffset: 0, initialised: false });
const useLightbox = () => () => undefined;

// What is here at once registers itself: Icon, LoadingIndicator and the two containers of the navigation bar.
export const pluginApi = {
  React,
  ReactDOM,
  GQL,
  libraries: {
    Apollo,
    Bootstrap,
    FontAwesomeBrands,
    FontAwesomeRegular,
    FontAwesomeSolid,
    Intl: ReactIntl,
    Mousetrap,
    MousetrapPause,
    ReactRouterDOM,
    ReactSelect,
  },
  register: { route: registerRoute, component: registerComponent },
  loadableComponents: loaders,
  components,
  utils: { NavUtils, StashService, InteractiveUtils: { getPlayer }, loadComponents },
  hooks: {
    useGalleryLightbox: useLightbox,
    useInteractive,
    useLightbox,
    useLoadComponents,
    useSettings,
    useSpriteInfo,
    useToast,
  },
  patch: { before, instead, after },
  Event: events,
};
