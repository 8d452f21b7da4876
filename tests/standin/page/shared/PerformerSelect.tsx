import React from "react";
import { client } from "../graphql/client.ts";
import { FindPerformersForSelectDocument } from "../graphql/documents.ts";
import type { Performer } from "../graphql/types.ts";
import { patchable, patchComponent } from "../plugins/patch.tsx";
import { FilterSelect, type IDSelectProps, type SelectProps, useByIds } from "./FilterSelect.tsx";

const sort = patchable("PerformerSelect.sort", (_text: string, performers: Performer[]) => performers);

async function find(text: string): Promise<Performer[]> {
  const filter = { q: text, per_page: 25, sort: "name", direction: "ASC" };
  const { data } = await client.query({
    query: FindPerformersForSelectDocument,
    variables: { filter },
    fetchPolicy: "network-only",
  });
  return sort(text, data.findPerformers.performers);
}

async function byIds(ids: string[]): Promise<Performer[]> {
  const { data } = await client.query({ query: FindPerformersForSelectDocument, variables: { ids } });
  return data.findPerformers.performers;
}

export const PerformerSelect = patchComponent<SelectProps<Performer>>("PerformerSelect", (props) => (
  <FilterSelect<Performer>
    {...props}
    className={`performer-select ${props.className ?? ""}`}
    placeholder={props.isMulti === false ? "Select performer" : "Select performers"}
    find={find}
  />
));

export const PerformerIDSelect = patchComponent<IDSelectProps<Performer>>(
  "PerformerIDSelect",
  ({ ids, onSelect, ...rest }) => {
    const [values, remember] = useByIds(ids, byIds);
    return (
      <PerformerSelect
        {...rest}
        values={values}
        onSelect={(chosen) => {
          remember(chosen);
          onSelect?.(chosen);
        }}
      />
    );
  },
);
