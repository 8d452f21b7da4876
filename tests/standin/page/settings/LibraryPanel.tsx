import React from "react";
import { useSettings } from "./context.ts";
import { ConstantSetting } from "./inputs.tsx";
import { Section } from "./Section.tsx";

export function LibraryPanel() {
  const { general } = useSettings();
  return (
    <Section heading="Library">
      {general.stashes.map(({ path }) => (
        <ConstantSetting key={path} heading={path} />
      ))}
    </Section>
  );
}
