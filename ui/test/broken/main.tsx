/** Features that break in every way there is, in the frame of the real ones; tests/ui/test_frame.py looks at Stash. */
import React from "react";
import { type Feature, start } from "../../src/feature.ts";
import { addAfter, addBefore, addChild, changeProps } from "../../src/host/patch.ts";
import { addPage } from "../../src/host/route.tsx";
import { ErrorBoundary } from "../../src/shared/ErrorBoundary.tsx";

function fail(where: string): never {
  throw new Error(`broken ${where}`);
}

function Broken(): JSX.Element {
  return fail("at render");
}

const atInit: Feature = {
  id: "at-init",
  init(signal) {
    addChild("MainNavBar.MenuItems", "at-init", signal, () => <span>never to be seen</span>);
    fail("at init");
  },
};

const inPatches: Feature = {
  id: "in-patches",
  init(signal) {
    for (const name of ["ScenePage.Tabs", "ScenePage.TabContent", "SceneCard", "SceneListOperations", "Setting"]) {
      changeProps(name, "in-patches", signal, () => fail(`in a change of ${name}`));
      addChild(name, "in-patches", signal, () => fail(`in a child of ${name}`));
    }
    addAfter("SceneCard.Overlays", "in-patches", signal, () => fail("behind the overlays"));
    addBefore("ScenePlayer", "in-patches", signal, () => fail("before the player"));
  },
};

const atRender: Feature = {
  id: "at-render",
  init(signal) {
    const broken = () => (
      <ErrorBoundary feature="at-render">
        <Broken />
      </ErrorBoundary>
    );
    addChild("MainNavBar.MenuItems", "at-render", signal, broken);
    addChild("ScenePage.Tabs", "at-render", signal, broken);
    addAfter("SceneCard.Overlays", "at-render", signal, broken);
    addAfter("ImageDetailPanel", "at-render", signal, broken);
    addPage("/sense-broken", "at-render", signal, Broken);
  },
};

const whole: Feature = {
  id: "whole",
  init(signal) {
    addChild("MainNavBar.MenuItems", "whole", signal, () => <span id="sense-whole">whole</span>);
  },
};

start([atInit, inPatches, atRender, whole]);
