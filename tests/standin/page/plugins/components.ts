/** The components that plugins find in PluginApi.components, by name. Filled as the modules that make them are loaded. */
import type { ComponentType } from "react";

// biome-ignore lint/suspicious/noExplicitAny: plugins call components by name, with whatever props these take.
export const components: Record<string, ComponentType<any>> = {};

/** Publish a component. Throws where the name is taken. */
// biome-ignore lint/suspicious/noExplicitAny: as above.
export function registerComponent<C extends ComponentType<any>>(name: string, component: C): C {
  if (components[name]) throw new Error(`Component ${name} has already been registered`);
  components[name] = component;
  return component;
}
