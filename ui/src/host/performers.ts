/** What the owner does to performers by hand, as Stash's own pages would do it. */
import { gql } from "@apollo/client";
import { apolloClient, pluginApi } from "./pluginApi.ts";
import type { Changed } from "./refresh.ts";

const CREATE = gql`
  mutation StashSensePerformer($input: PerformerCreateInput!) {
    performerCreate(input: $input) { id }
  }
`;

const UPDATE = {
  scene: "mutation StashSensePeople($input: BulkSceneUpdateInput!) { done: bulkSceneUpdate(input: $input) { id } }",
  image: "mutation StashSensePeople($input: BulkImageUpdateInput!) { done: bulkImageUpdate(input: $input) { id } }",
  gallery:
    "mutation StashSensePeople($input: BulkGalleryUpdateInput!) { done: bulkGalleryUpdate(input: $input) { id } }",
} as const;

/** Make a performer; its id. box: who it is in a stash-box. */
export async function createPerformer(name: string, box?: { endpoint: string; id: string }): Promise<number> {
  const stash_ids = box ? [{ endpoint: box.endpoint, stash_id: box.id }] : undefined;
  const input = { name, ...(stash_ids && { stash_ids }) };
  const { data } = await apolloClient().mutate({ mutation: CREATE, variables: { input } });
  const { GQL, utils } = pluginApi();
  const lists = [GQL?.FindPerformersDocument].filter((one) => one !== undefined);
  utils.StashService.evictQueries?.(apolloClient().cache, lists);
  return Number(data?.performerCreate?.id);
}

/** Add a performer to a medium, or take it away. */
export async function setPerformer({ kind, id }: Changed, performer_id: number, isThere: boolean): Promise<void> {
  const performer_ids = { mode: isThere ? "ADD" : "REMOVE", ids: [String(performer_id)] };
  const variables = { input: { ids: [String(id)], performer_ids } };
  await apolloClient().mutate({ mutation: gql(UPDATE[kind]), variables });
}
