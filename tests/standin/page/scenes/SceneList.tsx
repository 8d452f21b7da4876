import { useMutation, useQuery } from "@apollo/client";
import React, { useState } from "react";
import { useHistory } from "react-router-dom";
import { useConfiguration } from "../frame/ConfigurationContext.ts";
import { useKeys } from "../frame/shortcuts.ts";
import { useToast } from "../frame/Toasts.tsx";
import { client } from "../graphql/client.ts";
import { FindScenesDocument, ScenesDestroyDocument } from "../graphql/documents.ts";
import { evictQueries } from "../graphql/service.ts";
import type { SlimScene } from "../graphql/types.ts";
import { criteria, findFilter, useListFilter } from "../lists/filter.ts";
import { List } from "../lists/List.tsx";
import { useSelection } from "../lists/selection.ts";
import { patchContainer } from "../plugins/patch.tsx";
import { AlertModal } from "../shared/AlertModal.tsx";
import { TagIDSelect } from "../shared/TagSelect.tsx";
import { EditScenesDialog } from "./EditScenesDialog.tsx";
import { SceneQueue } from "./queue.ts";
import { SceneGrid } from "./SceneGrid.tsx";
import { SceneListOperations } from "./SceneListOperations.tsx";
import { SceneTable } from "./SceneTable.tsx";

interface Found {
  findScenes: { count: number; scenes: SlimScene[] };
}

const SidebarSections = patchContainer("FilteredSceneList.SidebarSections");
const DEFAULTS = { sort: "date", direction: "DESC" } as const;
const SORTS = [
  "date",
  "title",
  "path",
  "duration",
  "filesize",
  "created_at",
  "updated_at",
  "rating",
  "random",
  "tag_count",
  "id",
];
const NONE: SlimScene[] = [];

export function SceneList() {
  const [filter, change] = useListFilter(DEFAULTS);
  const { data, previousData, error } = useQuery<Found>(FindScenesDocument, {
    variables: { filter: findFilter(filter), scene_filter: criteria(filter) },
  });
  const found = (data ?? previousData)?.findScenes;
  const scenes = found?.scenes ?? NONE;
  const selection = useSelection(scenes);
  const [dialog, setDialog] = useState<"edit" | "delete">();
  const [destroy] = useMutation(ScenesDestroyDocument);
  const history = useHistory();
  const autoPlay = useConfiguration()?.interface.autostartVideoOnPlaySelected ?? true;
  const toast = useToast();
  const queue = SceneQueue.fromListFilter(filter);
  const selected = scenes.filter((scene) => selection.ids.has(scene.id));
  const hasSelection = selection.ids.size > 0;

  const play = () => {
    const first = selected[0] ?? scenes[0];
    if (first) history.push(queue.makeLink(first.id, { autoPlay }));
  };
  const viewRandom = () => {
    const one = scenes[Math.floor(Math.random() * scenes.length)];
    if (one) history.push(queue.makeLink(one.id));
  };
  const remove = async () => {
    setDialog(undefined);
    try {
      await destroy({ variables: { ids: [...selection.ids] } });
      selection.none();
      evictQueries(client.cache, [FindScenesDocument]);
    } catch (failure) {
      toast.error(failure);
    }
  };

  useKeys({
    "s a": selection.all,
    "s n": selection.none,
    "p r": viewRandom,
    "v g": () => change({ display: "grid" }),
    "v l": () => change({ display: "list" }),
    "+": () => change({ zoom: Math.min(3, filter.zoom + 1) }),
    "-": () => change({ zoom: Math.max(0, filter.zoom - 1) }),
    right: () => change({ page: filter.page + 1 }),
    left: () => change({ page: Math.max(1, filter.page - 1) }),
  });

  const operations = [
    { text: "Play Random", onClick: viewRandom, isDisplayed: () => scenes.length > 1 && !hasSelection },
    { text: "Select All", onClick: selection.all },
    { text: "Select None", onClick: selection.none, isDisplayed: () => hasSelection },
  ];
  return (
    <List
      className="scene-list"
      filter={filter}
      change={change}
      sorts={SORTS}
      displays={["grid", "list"]}
      zoomable
      selection={selection}
      count={found?.count}
      error={error}
      sidebar={
        <SidebarSections>
          <div className="sidebar-section">
            <h6>Tags</h6>
            <TagIDSelect
              isMulti={false}
              ids={filter.tag ? [filter.tag] : []}
              onSelect={([tag]) => change({ tag: tag?.id ?? "" })}
            />
          </div>
        </SidebarSections>
      }
      operations={
        <SceneListOperations
          items={found?.count ?? 0}
          hasSelection={hasSelection}
          operations={operations}
          onEdit={() => setDialog("edit")}
          onDelete={() => setDialog("delete")}
          onPlay={play}
          onCreateNew={() => history.push("/scenes/new")}
        />
      }
    >
      {filter.display === "grid" ? (
        <SceneGrid scenes={scenes} queue={queue} zoomIndex={filter.zoom} selection={selection} />
      ) : (
        <SceneTable scenes={scenes} queue={queue} selection={selection} />
      )}
      {dialog === "edit" && <EditScenesDialog selected={selected} onClose={() => setDialog(undefined)} />}
      <AlertModal
        show={dialog === "delete"}
        text={`Delete ${selection.ids.size} scenes? Files stay.`}
        confirmButtonText="Delete"
        onConfirm={remove}
        onCancel={() => setDialog(undefined)}
      />
    </List>
  );
}
