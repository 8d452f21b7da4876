/**
 * What plugins change. Every patchable function asks here before it runs: first all `before`s give arguments, then the
 * `instead`s or the function itself, then all `after`s. React calls with (props, context), so these get what React gave.
 */
import React, { type FC, type PropsWithChildren } from "react";
import { registerComponent } from "./components.ts";

// biome-ignore lint/suspicious/noExplicitAny: patches are plugins' functions over any arguments.
type Any = any;
export type Patch = (...args: Any[]) => Any;

const befores: Record<string, Patch[]> = {};
const insteads: Record<string, Patch[]> = {};
const afters: Record<string, Patch[]> = {};

function add(table: Record<string, Patch[]>, name: string, patch: Patch): void {
  table[name] = [...(table[name] ?? []), patch];
}

/** Change the arguments: the patch gets them, and returns an array of new ones. */
export const before = (name: string, patch: Patch): void => add(befores, name, patch);
/** Replace: the patch gets the arguments and, last, what it replaces. */
export const instead = (name: string, patch: Patch): void => add(insteads, name, patch);
/** Change the result: the patch gets the arguments and, last, the result. */
export const after = (name: string, patch: Patch): void => add(afters, name, patch);

/** A function that plugins may patch under a name. */
export function patchable<F extends Patch>(name: string, original: F): F {
  const patched = (...given: Any[]): Any => {
    let args = given;
    for (const patch of befores[name] ?? []) {
      const changed: unknown = patch(...args);
      if (!Array.isArray(changed)) throw new Error(`before("${name}") must return an array of arguments`);
      args = changed;
    }
    const run = (insteads[name] ?? []).reduce<Patch>(
      (next, patch) =>
        (...now: Any[]) =>
          patch(...now.concat(next)),
      original,
    );
    let result = run(...args);
    // concat, so that an array becomes several arguments: what a plugin returned reaches the next as Stash hands it on.
    for (const patch of afters[name] ?? []) result = patch(...args.concat(result));
    return result;
  };
  return patched as F;
}

/** A component that plugins may patch, and find in PluginApi.components. */
export function patchComponent<P>(name: string, component: FC<P>): FC<P> {
  const patched = patchable(name, component as Patch) as FC<P>;
  patched.displayName = name;
  return registerComponent(name, patched);
}

/** A component that shows its children, for plugins to add to. */
export function patchContainer<P = unknown>(name: string): FC<PropsWithChildren<P>> {
  return patchComponent<PropsWithChildren<P>>(name, ({ children }) => <>{children}</>);
}
