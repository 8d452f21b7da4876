/** Settings of the plugin as the page has them: whoever changes them through Stash's own pages is heard without asking. */
import { gql } from "@apollo/client";
import { apolloClient, pluginApi } from "./pluginApi.ts";

const OURS = gql`query StashSenseConfiguration { configuration { plugins } }`;

type Values = Readonly<Record<string, unknown>>;
interface Configuration {
  configuration?: { plugins?: Readonly<Record<string, Values | null | undefined>> | null } | null;
}

/** Call `heard` with the plugin's settings now, and whenever Stash's page reads them anew. Ends with the signal. */
export function onStashSettings(plugin_id: string, heard: (values: Values) => void, signal: AbortSignal): void {
  // Stash's own document: what the page has of it already is asked for no second time.
  const query = pluginApi().GQL?.ConfigurationDocument ?? OURS;
  const subscription = apolloClient()
    .watchQuery<Configuration>({ query, fetchPolicy: "cache-first" })
    .subscribe({
      next: ({ data }) => {
        const plugins = data?.configuration?.plugins;
        if (plugins) heard(plugins[plugin_id] ?? {});
      },
      // Stash restarts, or the owner is logged out: it holds what was heard last.
      error: () => undefined,
    });
  signal.addEventListener("abort", () => subscription.unsubscribe());
}

/** Read them anew, for all who listen. */
export async function readStashSettings(): Promise<void> {
  const query = pluginApi().GQL?.ConfigurationDocument;
  if (query) await apolloClient().query({ query, fetchPolicy: "network-only" });
  else await apolloClient().refetchQueries({ include: [OURS] });
}
