/** Which tags a medium has in Stash. */
import { gql } from "@apollo/client";
import { apolloClient } from "./pluginApi.ts";

const ASK = {
  scene: gql`query StashSenseTagsOfScene($id: ID!) { medium: findScene(id: $id) { id tags { id } } }`,
  image: gql`query StashSenseTagsOfImage($id: ID!) { medium: findImage(id: $id) { id tags { id } } }`,
  gallery: gql`query StashSenseTagsOfGallery($id: ID!) { medium: findGallery(id: $id) { id tags { id } } }`,
} as const;

/** Ids of its tags; of what is gone, none. From what the page has read already, where it has. */
export async function tagsOf(kind: keyof typeof ASK, id: number): Promise<number[]> {
  const { data } = await apolloClient().query<{ medium: { tags: { id: string }[] } | null }>({
    query: ASK[kind],
    variables: { id: String(id) },
    fetchPolicy: "cache-first",
  });
  return (data.medium?.tags ?? []).map((tag) => Number(tag.id));
}
