import { type DocumentNode, gql } from "@apollo/client";
import { useEffect, useState } from "react";
import * as v from "valibot";
import { apolloClient, pluginApi, type StashProps } from "../../host/pluginApi.ts";

/** As Stash's own lists have them: what its cards want to know. */
const answer = v.object({ findScenes: v.object({ scenes: v.array(v.looseObject({ id: v.string() })) }) });

// Where Stash shares none of its documents, a card of ours makes do with less.
const LEAST = gql`
  query StashSenseScenes($scene_ids: [Int!]) {
    findScenes(scene_ids: $scene_ids) { scenes { id title files { path duration } paths { screenshot } } }
  }
`;

/** Scenes by id, as Stash knows them; undefined while they are on their way. Those that are gone are left out. */
export function useScenes(ids: readonly number[]): ReadonlyMap<number, StashProps> | undefined {
  const [state, setState] = useState<{ key: string; scenes: ReadonlyMap<number, StashProps> }>();
  const key = ids.join();
  useEffect(() => {
    if (!key) return;
    let end = () => {};
    let isOver = false;
    const show = (data: unknown) => {
      const parsed = v.safeParse(answer, data);
      const scenes = parsed.success ? parsed.output.findScenes.scenes : [];
      if (!isOver) setState({ key, scenes: new Map(scenes.map((scene) => [Number(scene.id), scene])) });
    };
    const watch = (scene_ids: readonly number[], onError: () => void) => {
      const query = pluginApi().GQL?.FindScenesDocument ?? LEAST;
      // Watched: what changes about a scene elsewhere on the page changes on its card.
      const asked = apolloClient()
        .watchQuery<unknown>({ query, variables: { scene_ids }, errorPolicy: "none" })
        .subscribe({ next: ({ data }) => show(data), error: onError });
      end = () => asked.unsubscribe();
    };
    const wanted = key.split(",").map(Number);
    // One that is gone fails the whole list: then those that are left.
    watch(wanted, () => {
      void left(wanted).then((rest) => {
        if (isOver) return;
        if (rest.length > 0) watch(rest, () => show(undefined));
        else show(undefined);
      });
    });
    return () => {
      isOver = true;
      end();
    };
  }, [key]);
  if (!key) return NONE;
  return state?.key === key ? state.scenes : undefined;
}

const NONE: ReadonlyMap<number, StashProps> = new Map();

async function left(ids: readonly number[]): Promise<number[]> {
  try {
    const { data } = await apolloClient().query<Record<string, unknown>>({
      query: existing(ids),
      fetchPolicy: "no-cache",
    });
    return ids.filter((id) => data?.[`s${id}`]);
  } catch {
    return [];
  }
}

function existing(ids: readonly number[]): DocumentNode {
  return gql(`query StashSenseLeft { ${ids.map((id) => `s${id}: findScene(id: "${id}") { id }`).join(" ")} }`);
}
