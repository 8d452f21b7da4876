/** What can be done to the scenes that are selected in a list, in the menu that Stash has for that. */
import "./list-actions.css";
import React, { useEffect } from "react";
import type { Feature } from "../feature.ts";
import { addAfter, changeProps } from "../host/patch.ts";
import { ErrorBoundary } from "../shared/ErrorBoundary.tsx";
import { makeText, type Text, useText } from "../text/text.ts";
import { Actions, type Wanted } from "./list-actions/Actions.tsx";
import { ACTIONS } from "./list-actions/actions.ts";
import { Selection } from "./list-actions/selection.ts";

const id = "list-actions";

const selection = new Selection();
let text: Text | undefined;

/** The newest menu on the page does what is chosen; a page has one. */
const listeners: ((wanted: Wanted) => void)[] = [];

function listen(chosen: (wanted: Wanted) => void): () => void {
  listeners.push(chosen);
  return () => {
    listeners.splice(listeners.indexOf(chosen), 1);
  };
}

/** On each card, so that it is known whether there are any: rows and walls do not tell what is selected. */
function Shown() {
  useEffect(() => selection.show(), []);
  return null;
}

/** A menu's entries are made outside of React's tree: the language is looked up beside it. */
function Words() {
  text = useText();
  return null;
}

export const listActions: Feature = {
  id,
  init(signal) {
    changeProps("SceneCard", id, signal, (props) => {
      const scene = Number(props.scene?.id);
      if (Number.isSafeInteger(scene)) selection.see(scene, props.onSelectedChanged && props.selected === true);
      return props;
    });
    addAfter("SceneCard", id, signal, () => <Shown />);
    changeProps("SceneListOperations", id, signal, (props) => {
      if (!props.hasSelection) selection.clear();
      text ??= makeText("en");
      const { t } = text;
      const operations = ACTIONS.map((action) => ({
        text: t(action.label),
        isDisplayed: () => Boolean(props.hasSelection) && selection.known,
        onClick: () => {
          const ids = selection.ids;
          if (ids.length > 0) listeners[listeners.length - 1]?.({ action, ids });
        },
      }));
      return { ...props, operations: [...(props.operations ?? []), ...operations] };
    });
    addAfter("SceneListOperations", id, signal, () => (
      <ErrorBoundary feature={id}>
        <Words />
        <Actions listen={listen} />
      </ErrorBoundary>
    ));
  },
};
