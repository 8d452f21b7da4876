/** Plugins' scripts and style sheets. Nothing else is shown before every script has arrived, or failed to. */
import { useQuery } from "@apollo/client";
import React, { type PropsWithChildren, useEffect, useState } from "react";
import { useIntl } from "react-intl";
import { PluginsDocument } from "../graphql/documents.ts";
import type { Plugin } from "../graphql/types.ts";
import { LoadingIndicator } from "../shared/LoadingIndicator.tsx";

/** Each behind those that it requires; else the last comes first, as in Stash. */
export function inOrder(plugins: readonly Plugin[]): Plugin[] {
  const ids = new Set(plugins.flatMap((plugin) => [plugin.id, ...(plugin.requires ?? [])]));
  const ordered: Plugin[] = [];
  const seen = new Set<string>();
  const visit = (id: string) => {
    if (seen.has(id)) return;
    seen.add(id);
    for (const other of plugins) if (other.requires?.includes(id)) visit(other.id);
    ordered.unshift(...plugins.filter((plugin) => plugin.id === id));
  };
  ids.forEach(visit);
  return ordered.filter((plugin) => plugin.enabled);
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
