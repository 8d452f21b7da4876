/** Pages of plugins. A path matches by its beginning, and several may match at once. */
import React, { type ComponentType, type FC, type PropsWithChildren } from "react";
import { Route } from "react-router-dom";
import { before, patchable } from "./patch.tsx";

const Plain: FC<PropsWithChildren<unknown>> = ({ children }) => <>{children}</>;

export const PluginRoutes = patchable("PluginRoutes", Plain);

// biome-ignore lint/suspicious/noExplicitAny: a plugin's page takes the props of react-router's routes.
export function registerRoute(path: string, component: ComponentType<any>): void {
  before("PluginRoutes", (props: PropsWithChildren<unknown>) => [
    {
      ...props,
      children: (
        <>
          {props.children}
          <Route path={path} component={component} />
        </>
      ),
    },
  ]);
}
