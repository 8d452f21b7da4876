/** The stand-in's page: what a plugin's interface finds in Stash, in a light form of our own. */
import "bootstrap/dist/css/bootstrap.css";
import "video.js/dist/video-js.css";
import "./styles/theme.css";
import "./styles/frame.css";
import "./styles/cards.css";
import "./styles/lists.css";
import "./styles/scene.css";
import "./styles/settings.css";
import React from "react";
import ReactDOM from "react-dom";
import { App } from "./frame/App.tsx";
import { pluginApi } from "./plugins/pluginApi.ts";

Object.assign(window, { PluginApi: pluginApi });

ReactDOM.render(<App />, document.getElementById("root"));
