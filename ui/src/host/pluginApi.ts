/** What Stash hands to plugins, as far as we use it. Everything may be missing: Stash calls this interface experimental. */
import type { ApolloClient, DocumentNode, NormalizedCacheObject } from "@apollo/client";
import type { ComponentType, ReactNode } from "react";

/** Props of any component of Stash. */
// biome-ignore lint/suspicious/noExplicitAny: Stash publishes no types of its components.
export type StashProps = Record<string, any>;

export interface Toast {
  success(message: ReactNode): void;
  error(error: unknown): void;
  toast(options: { content: ReactNode; variant?: string; delay?: number }): void;
}

export interface StashService {
  getClient(): ApolloClient<NormalizedCacheObject>;
  evictQueries?(cache: unknown, documents: readonly DocumentNode[]): void;
}

type Patch = (name: string, replacement: (...args: never[]) => unknown) => void;

export interface PluginApi {
  GQL?: Record<string, DocumentNode | undefined>;
  /** Filled as Stash's chunks load: look at render time, never when the script runs. */
  components: Record<string, ComponentType<StashProps> | undefined>;
  loadableComponents?: Record<string, (() => Promise<unknown>) | undefined>;
  utils: {
    StashService: StashService;
    loadComponents?(loaders: readonly (() => Promise<unknown>)[]): Promise<void>;
    NavUtils?: StashProps;
    InteractiveUtils?: { getPlayer?(): Player | undefined };
  };
  hooks: {
    useToast(): Toast;
    /** True while the components are on their way. */
    useLoadComponents?(loaders: readonly (() => Promise<unknown>)[]): boolean;
  };
  patch: { before: Patch; instead: Patch; after: Patch };
  register: { route(path: string, component: ComponentType<StashProps>): void };
  Event: { addEventListener(name: string, listener: (event: Event) => void): void };
}

/** The part of video.js' player that we use. */
export interface Player {
  currentTime(): number;
  currentTime(seconds: number): void;
  duration(): number;
  paused(): boolean;
  seeking(): boolean;
  ended(): boolean;
  loop(): boolean;
  playbackRate(): number;
  /** As of HTMLMediaElement; undefined where what shows it is none. */
  readyState(): number | undefined;
  currentSrc(): string;
  play(): Promise<void> | undefined;
  pause(): void;
  isDisposed(): boolean;
  el(): Element;
  on(event: string, listener: () => void): void;
  off(event: string, listener: () => void): void;
}

declare global {
  interface Window {
    PluginApi?: PluginApi;
  }
}

/** Stash's interface for plugins. Throws where the page is not Stash's. */
export function pluginApi(): PluginApi {
  const api = window.PluginApi;
  if (!api) throw new Error("window.PluginApi is missing: this page is not Stash's, or Stash is older than v0.25");
  return api;
}

/** The client of Stash's own GraphQL. */
export function apolloClient(): ApolloClient<NormalizedCacheObject> {
  return pluginApi().utils.StashService.getClient();
}

/** One of Stash's components, once it is there. */
export function stashComponent(name: string): ComponentType<StashProps> | undefined {
  return pluginApi().components[name];
}
