/** The plugin's tasks and settings where Stash keeps them: what works before the plugin itself is set up. */
import { gql } from "@apollo/client";
import * as v from "valibot";
import { apolloClient, pluginApi } from "./pluginApi.ts";

const PLUGIN_ID = "stash-sense-native";

const RUN = gql`
  mutation StashSenseTask($plugin_id: ID!, $task: String!) {
    runPluginTask(plugin_id: $plugin_id, task_name: $task)
  }
`;
const SETTINGS = gql`
  query StashSenseSettings($plugin_ids: [ID!]) {
    configuration { plugins(include: $plugin_ids) }
  }
`;
const LOGS = gql`query StashSenseLogs { logs { time level message } }`;
const CONFIGURE = gql`
  mutation StashSenseConfigure($plugin_id: ID!, $input: Map!) {
    configurePlugin(plugin_id: $plugin_id, input: $input)
  }
`;

const settings = v.object({
  configuration: v.object({ plugins: v.nullish(v.record(v.string(), v.nullish(v.record(v.string(), v.unknown())))) }),
});

const logs = v.object({
  logs: v.array(v.object({ time: v.string(), level: v.string(), message: v.string() })),
});
/** How Stash begins what a plugin logs. */
const FROM_US = /^\[Plugin \/ Stash Sense Native\] /;

/** Put a task of the manifest into Stash's queue. Returns the id of its job there. */
export async function runTask(task: string): Promise<string> {
  const { data } = await apolloClient().mutate({ mutation: RUN, variables: { plugin_id: PLUGIN_ID, task } });
  return String(data?.runPluginTask ?? "");
}

/** The plugin's settings as Stash's page has them; those that were never set are left out. */
export async function stashSettings(): Promise<Readonly<Record<string, unknown>>> {
  const variables = { plugin_ids: [PLUGIN_ID] };
  const { data } = await apolloClient().query<unknown>({ query: SETTINGS, variables, fetchPolicy: "no-cache" });
  return v.parse(settings, data).configuration.plugins?.[PLUGIN_ID] ?? {};
}

/**
 * Change some of them. Stash replaces all that it has of a plugin, so what is there is sent along; and its own page
 * saves what it has read before, so that is read anew.
 */
export async function changeStashSettings(changes: Readonly<Record<string, unknown>>): Promise<void> {
  const input = { ...(await stashSettings()), ...changes };
  await apolloClient().mutate({ mutation: CONFIGURE, variables: { plugin_id: PLUGIN_ID, input } });
  const query = pluginApi().GQL?.ConfigurationDocument;
  try {
    if (query) await apolloClient().query({ query, fetchPolicy: "network-only" });
    else await apolloClient().refetchQueries({ include: ["Configuration"] });
  } catch {
    // It is saved all the same; Stash reads it with the next reload.
  }
}

/** What the plugin logged as errors since a moment, the oldest first. Stash keeps its last lines. */
export async function loggedErrors(since_ms: number): Promise<string[]> {
  const { data } = await apolloClient().query<unknown>({ query: LOGS, fetchPolicy: "no-cache" });
  return v
    .parse(logs, data)
    .logs.filter(({ time, level, message }) => {
      return level === "Error" && FROM_US.test(message) && !(Date.parse(time) < since_ms);
    })
    .sort((a, b) => Date.parse(a.time) - Date.parse(b.time))
    .map(({ message }) => message.replace(FROM_US, ""));
}
