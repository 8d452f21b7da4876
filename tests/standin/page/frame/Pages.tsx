/** Which page an address means. One that nobody knows shows nothing, as in Stash. */
import React from "react";
import { Route, Switch } from "react-router-dom";
import { loaders } from "../plugins/loaders.ts";
import { PluginRoutes } from "../plugins/PluginRoutes.tsx";
import { lazily } from "../shared/chunk.ts";

const FrontPage = lazily(() => loaders.FrontPage().then((module) => module.FrontPage));
const Scenes = lazily(() => loaders.Scenes().then((module) => module.Scenes));
const Images = lazily(() => loaders.Images().then((module) => module.Images));
const Galleries = lazily(() => loaders.Galleries().then((module) => module.Galleries));
const Groups = lazily(() => loaders.Groups().then((module) => module.Groups));
const Performers = lazily(() => loaders.Performers().then((module) => module.Performers));
const Studios = lazily(() => loaders.Studios().then((module) => module.Studios));
const Tags = lazily(() => loaders.Tags().then((module) => module.Tags));
const Settings = lazily(() => loaders.Settings().then((module) => module.Settings));
const Stats = lazily(() => loaders.Stats().then((module) => module.Stats));

export function Pages() {
  return (
    <Switch>
      <Route exact path="/" component={FrontPage} />
      <Route path="/scenes" component={Scenes} />
      <Route path="/images" component={Images} />
      <Route path="/galleries" component={Galleries} />
      <Route path="/groups" component={Groups} />
      <Route path="/performers" component={Performers} />
      <Route path="/studios" component={Studios} />
      <Route path="/tags" component={Tags} />
      <Route path="/settings" component={Settings} />
      <Route path="/stats" component={Stats} />
      <PluginRoutes />
    </Switch>
  );
}
