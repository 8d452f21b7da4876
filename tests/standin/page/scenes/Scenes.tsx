/** Pages below /scenes. A shell: what these pages are made of arrives when one of them is shown. */
import React from "react";
import { Route, Switch } from "react-router-dom";
import { loaders } from "../plugins/loaders.ts";
import { lazily } from "../shared/chunk.ts";

const SceneList = lazily(() => loaders.SceneList().then((module) => module.SceneList));
const SceneMarkerList = lazily(() => loaders.SceneMarkerList().then((module) => module.SceneMarkerList));
const SceneLoader = lazily(() => loaders.Scene().then((module) => module.SceneLoader));

export function Scenes() {
  return (
    <Switch>
      <Route exact path="/scenes" component={SceneList} />
      <Route exact path="/scenes/markers" component={SceneMarkerList} />
      <Route path="/scenes/:id" component={SceneLoader} />
    </Switch>
  );
}
