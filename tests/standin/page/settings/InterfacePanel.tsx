import React from "react";
import { patchComponent } from "../plugins/patch.tsx";
import { useSettings } from "./context.ts";
import { ConstantSetting } from "./inputs.tsx";
import { Section } from "./Section.tsx";

export const SettingsInterfacePanel = patchComponent("SettingsInterfacePanel", () => {
  const settings = useSettings();
  return (
    <Section heading="Basic Settings">
      <ConstantSetting heading="Language" value={settings.interface.language} />
    </Section>
  );
});
