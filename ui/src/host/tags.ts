/** Tags of Stash by their names. */
import { gql } from "@apollo/client";
import { apolloClient } from "./pluginApi.ts";

export interface NamedTag {
  id: string;
  name: string;
}

const FIND = gql`
  query StashSenseTagsByName($name: String!) {
    findTags(filter: { q: $name, per_page: 50 }) { tags { id name aliases } }
  }
`;

/** In the order of the names; one that no tag has keeps its name, and has an id that is none of Stash's. */
export function tagsNamed(names: readonly string[]): Promise<NamedTag[]> {
  return Promise.all(names.map(tagNamed));
}

async function tagNamed(name: string): Promise<NamedTag> {
  const nobody = { id: `named ${name}`, name };
  try {
    const { data } = await apolloClient().query<{ findTags: { tags: (NamedTag & { aliases: string[] })[] } }>({
      query: FIND,
      variables: { name },
    });
    const wanted = name.toLowerCase();
    const isIt = (one: string) => one.toLowerCase() === wanted;
    const { tags } = data.findTags;
    return tags.find((tag) => isIt(tag.name)) ?? tags.find((tag) => tag.aliases.some(isIt)) ?? nobody;
  } catch {
    return nobody;
  }
}
