/**
 * Changes to what Stash renders. Whatever goes wrong in a change of ours, Stash's own part stays as it is.
 *
 * Stash calls a patch as React calls a component, (props, context), and an `after` with the rendered element behind
 * these; where another plugin's `before` answered with fewer arguments, there are fewer. So: the first and the last.
 */
import { createElement, Fragment, type ReactElement, type ReactNode } from "react";
import { report } from "../shared/report.ts";
import { pluginApi, type StashProps } from "./pluginApi.ts";

type Props = StashProps;

/** Change the props with which Stash renders `name`. */
export function changeProps(name: string, feature: string, signal: AbortSignal, change: (props: Props) => Props): void {
  pluginApi().patch.before(name, (...args: unknown[]) => {
    const props = (args[0] ?? {}) as Props;
    if (signal.aborted) return args;
    try {
      return [change(props), ...args.slice(1)];
    } catch (error) {
      report(feature, error);
      return args;
    }
  });
}

/** Put something behind the children of Stash's container `name`. */
export function addChild(name: string, feature: string, signal: AbortSignal, child: (props: Props) => ReactNode): void {
  changeProps(name, feature, signal, (props) => ({
    ...props,
    children: createElement(Fragment, null, props.children, child(props)),
  }));
}

type Add = (name: string, feature: string, signal: AbortSignal, extra: (props: Props) => ReactNode) => void;

/** Put something behind what Stash renders as `name`. */
export const addAfter: Add = (...where) => addBeside(...where, (rendered, extra) => [rendered, extra]);

/** Put something before what Stash renders as `name`. */
export const addBefore: Add = (...where) => addBeside(...where, (rendered, extra) => [extra, rendered]);

function addBeside(
  name: string,
  feature: string,
  signal: AbortSignal,
  extra: (props: Props) => ReactNode,
  order: (rendered: ReactElement, extra: ReactNode) => readonly ReactNode[],
): void {
  pluginApi().patch.after(name, (...args: unknown[]) => {
    const props = (args[0] ?? {}) as Props;
    const rendered = args[args.length - 1] as ReactElement;
    if (signal.aborted) return rendered;
    try {
      // One element, not an array: Stash would spread an array over the arguments of the next plugin's patch.
      return createElement(Fragment, null, ...order(rendered, extra(props)));
    } catch (error) {
      report(feature, error);
      return rendered;
    }
  });
}
