/** The settings, as they were when the pages were opened, with what was changed since. */
import { useQuery } from "@apollo/client";
import React, { type PropsWithChildren, useCallback, useEffect, useMemo, useState } from "react";
import { useToast } from "../frame/Toasts.tsx";
import { client } from "../graphql/client.ts";
import { ConfigurationDocument, ConfigurePluginDocument } from "../graphql/documents.ts";
import { evictQueries } from "../graphql/service.ts";
import type { Configuration, PluginValues } from "../graphql/types.ts";
import { LoadingIndicator } from "../shared/LoadingIndicator.tsx";
import { SettingsContext, type SettingsState } from "./context.ts";

type Plugins = Record<string, PluginValues>;

const SAVED_AFTER_MS = 500;

export function SettingsProvider({ children }: PropsWithChildren<unknown>) {
  const { data, error, refetch } = useQuery<{ configuration: Configuration }>(ConfigurationDocument, {
    fetchPolicy: "network-only",
    nextFetchPolicy: "cache-first",
  });
  const [plugins, setPlugins] = useState<Plugins>();
  const [pending, setPending] = useState<Plugins>();
  const [advancedMode, setAdvancedMode] = useState(false);
  const toast = useToast();
  const configuration = data?.configuration;

  // Once: what a plugin writes to its settings afterwards is not seen here, and is overwritten by the next change.
  useEffect(() => {
    if (configuration) setPlugins((known) => known ?? configuration.plugins);
  }, [configuration]);

  useEffect(() => {
    if (!pending) return;
    const timer = window.setTimeout(async () => {
      setPending(undefined);
      try {
        for (const [plugin_id, input] of Object.entries(pending)) {
          await client.mutate({
            mutation: ConfigurePluginDocument,
            variables: { plugin_id, input },
            // As Stash does: whoever shows the configuration asks for it anew.
            update: (cache) => evictQueries(cache, [ConfigurationDocument]),
          });
        }
      } catch (failure) {
        toast.error(failure);
      }
    }, SAVED_AFTER_MS);
    return () => window.clearTimeout(timer);
  }, [pending, toast]);

  const savePluginSettings = useCallback(
    (pluginID: string, input: PluginValues) => {
      const next = { ...plugins, [pluginID]: input };
      setPlugins(next);
      setPending(next);
    },
    [plugins],
  );

  const state = useMemo<SettingsState | undefined>(
    () =>
      configuration &&
      plugins && {
        loading: false,
        error,
        general: configuration.general,
        interface: configuration.interface,
        ui: configuration.ui,
        plugins,
        savePluginSettings,
        refetch: () => void refetch(),
        advancedMode,
        setAdvancedMode,
      },
    [configuration, plugins, error, savePluginSettings, refetch, advancedMode],
  );
  if (!state) return <LoadingIndicator />;
  return <SettingsContext.Provider value={state}>{children}</SettingsContext.Provider>;
}
