/** PluginApi.utils.StashService: the client, and the mutations that plugins call by name. */
import type { ApolloCache, DocumentNode } from "@apollo/client";
import { client } from "./client.ts";
import * as GQL from "./documents.ts";

export const getClient = () => client;

/** Forget the root fields that the documents ask for. What is shown of findScene, findTag, … is unmoved by that. */
export function evictQueries(cache: ApolloCache<unknown>, documents: readonly DocumentNode[]): void {
  for (const document of documents) {
    for (const definition of document.definitions) {
      if (definition.kind !== "OperationDefinition") continue;
      for (const selection of definition.selectionSet.selections) {
        if (selection.kind === "Field") cache.evict({ id: "ROOT_QUERY", fieldName: selection.name.value });
      }
    }
  }
}

/** Start a task. The arguments go astray, as they do in Stash: the document takes them under another name. */
export const mutateRunPluginTask = (plugin_id: string, task_name: string, args?: unknown) =>
  client.mutate({ mutation: GQL.RunPluginTaskDocument, variables: { plugin_id, task_name, args } });

export const mutateStopJob = (job_id: string) =>
  client.mutate({ mutation: GQL.StopJobDocument, variables: { job_id } });

export const mutateReloadPlugins = () => client.mutate({ mutation: GQL.ReloadPluginsDocument });

export const mutateSetPluginsEnabled = (enabledMap: Record<string, boolean>) =>
  client.mutate({ mutation: GQL.SetPluginsEnabledDocument, variables: { enabledMap } });

export const mutateMetadataScan = (input: Record<string, unknown>) =>
  client.mutate({ mutation: GQL.MetadataScanDocument, variables: { input } });

export const mutateMetadataGenerate = (input: Record<string, unknown>) =>
  client.mutate({ mutation: GQL.MetadataGenerateDocument, variables: { input } });

export const queryFindScenesByID = (scene_ids: number[]) =>
  client.query({ query: GQL.FindScenesDocument, variables: { scene_ids } });

export const queryFindTag = (id: string) => client.query({ query: GQL.FindTagDocument, variables: { id } });

export const queryFindPerformer = (id: string) => client.query({ query: GQL.FindPerformerDocument, variables: { id } });
