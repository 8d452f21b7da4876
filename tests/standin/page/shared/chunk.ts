/** Modules that arrive later, as Stash's do over the network: what they register is not there before. */
import { type ComponentType, lazy } from "react";

export function chunk<M>(load: () => Promise<M>, delay_ms = 20): () => Promise<M> {
  let loading: Promise<M> | undefined;
  return () => {
    loading ??= new Promise((resolve) => window.setTimeout(resolve, delay_ms)).then(load);
    return loading;
  };
}

// biome-ignore lint/suspicious/noExplicitAny: any component may be lazy.
export function lazily<C extends ComponentType<any>>(load: () => Promise<C>) {
  return lazy(() => load().then((component) => ({ default: component })));
}
