/** Plugins' scripts and style sheets. Nothing else is shown before every script has arrived, or failed to. */
import { useQuery } from "@apollo/client";
import React, { type PropsWithChildren, useEffect, useState } from "react";
import { useIntl } from "react-intl";
import { PluginsDocument } from "../graphql/documents.ts";
import type { Plugin } from "../graphql/types.ts";
import { LoadingIndicator } from "../shared/LoadingIndicator.tsx";

/** Enabled ones, each behind those that it requires. */
export function inOrder(plugins: readonly Plugin[]): Plugin[] {
  const enabled = new Map(plugins.filter((plugin) => plugin.enabled).map((plugin) => [plugin.id, plugin]));
  const found = new Set<Plugin>();
  const visit = (plugin: Plugin, above: readonly string[]) => {
    for (const id of plugin.requires ?? []) {
      const required = enabled.get(id);
      if (required && !above.includes(id)) visit(required, [...above, id]);
    }
    found.add(plugin);
  };
  for (const plugin of enabled.values()) visit(plugin, [plugin.id]);
  return [...found];
}

function useScripts(addresses: readonly string[] | undefined): boolean {
  const [waiting, setWaiting] = useState<number>();
  useEffect(() => {
    if (!addresses) return;
    setWaiting(addresses.length);
    const arrived = () => setWaiting((count) => (count ?? 0) - 1);
    const scripts = addresses.map((src) => Object.assign(document.createElement("script"), { src, async: false }));
    for (const script of scripts) {
      script.addEventListener("load", arrived);
      script.addEventListener("error", arrived);
    }
    document.head.append(...scripts);
    return () => {
      for (const script of scripts) script.remove();
    };
  }, [addresses]);
  return waiting === 0;
}

function useStyles(addresses: readonly string[] | undefined): void {
  useEffect(() => {
    const links = (addresses ?? []).map((href) =>
      Object.assign(document.createElement("link"), { rel: "stylesheet", type: "text/css", href }),
    );
    document.head.append(...links);
    return () => {
      for (const link of links) link.remove();
    };
  }, [addresses]);
}

interface Addresses {
  scripts: string[];
  styles: string[];
}

export function PluginScripts({ children }: PropsWithChildren<unknown>) {
  const { data, error } = useQuery<{ plugins: Plugin[] | null }>(PluginsDocument);
  const [addresses, setAddresses] = useState<Addresses>();
  const plugins = data?.plugins;

  // Once: a changed script is not run again before the page is loaded anew.
  useEffect(() => {
    if (addresses || (!error && plugins === undefined)) return;
    const ordered = inOrder(plugins ?? []);
    setAddresses({
      scripts: ordered.flatMap((plugin) => plugin.paths.javascript ?? []),
      styles: ordered.flatMap((plugin) => plugin.paths.css ?? []),
    });
  }, [addresses, error, plugins]);

  useStyles(addresses?.styles);
  const ready = useScripts(addresses?.scripts);
  const intl = useIntl();
  if (!ready) return <LoadingIndicator message={intl.formatMessage({ id: "loading.plugins" })} />;
  return <>{children}</>;
}
