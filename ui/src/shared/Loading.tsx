import React from "react";
import { stashComponent } from "../host/pluginApi.ts";
import { useText } from "../text/text.ts";

/** Shown where something is on its way and nothing is there yet. */
export function Loading() {
  const { t } = useText();
  const Indicator = stashComponent("LoadingIndicator");
  return (
    <div role="status" className="sense-loading">
      {Indicator ? <Indicator message={t("loading")} /> : t("loading")}
    </div>
  );
}
