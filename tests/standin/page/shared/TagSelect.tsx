import React from "react";
import { client } from "../graphql/client.ts";
import { FindTagsForSelectDocument, TagCreateDocument } from "../graphql/documents.ts";
import type { SlimTag } from "../graphql/types.ts";
import { patchable, patchComponent } from "../plugins/patch.tsx";
import { FilterSelect, type IDSelectProps, type SelectProps, useByIds } from "./FilterSelect.tsx";

export type TagSelectProps = SelectProps<SlimTag> & { hoverPlacement?: string };

const sort = patchable("TagSelect.sort", (_text: string, tags: SlimTag[]) => tags);

async function find(text: string): Promise<SlimTag[]> {
  const filter = { q: text, per_page: 25, sort: "name", direction: "ASC" };
  const { data } = await client.query({
    query: FindTagsForSelectDocument,
    variables: { filter },
    fetchPolicy: "network-only",
  });
  return sort(text, data.findTags.tags);
}

async function byIds(ids: string[]): Promise<SlimTag[]> {
  const { data } = await client.query({ query: FindTagsForSelectDocument, variables: { ids } });
  return data.findTags.tags;
}

async function create(name: string): Promise<SlimTag> {
  const { data } = await client.mutate({ mutation: TagCreateDocument, variables: { input: { name } } });
  return data.tagCreate;
}

export const TagSelect = patchComponent<TagSelectProps>("TagSelect", (props) => (
  <FilterSelect<SlimTag>
    {...props}
    className={`tag-select ${props.className ?? ""}`}
    placeholder={props.isMulti === false ? "Select tag" : "Select tags"}
    find={find}
    create={create}
  />
));

export const TagIDSelect = patchComponent<IDSelectProps<SlimTag>>("TagIDSelect", ({ ids, onSelect, ...rest }) => {
  const [values, remember] = useByIds(ids, byIds);
  return (
    <TagSelect
      {...rest}
      values={values}
      onSelect={(chosen) => {
        remember(chosen);
        onSelect?.(chosen);
      }}
    />
  );
});
