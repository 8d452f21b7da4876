import React from "react";
import { stashComponent } from "../host/pluginApi.ts";
import { useText } from "../text/text.ts";

/** Shown where something is on its way and nothing is there yet. inline: as high as a line, where other things stand around it. */
export function Loading({ inline = false }: { inline?: boolean }) {
  const { t } = useText();
  const Indicator = stashComponent("LoadingIndicator");
  return (
    <div role="status" className="sense-loading">
      {Indicator ? <Indicator message={inline ? "" : t("loading")} inline={inline} small={inline} /> : t("loading")}
      {Indicator && inline && <span className="sense-visually-hidden">{t("loading")}</span>}
    </div>
  );
}
