import React from "react";
import { Button } from "react-bootstrap";
import { patchContainer } from "../plugins/patch.tsx";
import { Setting } from "./inputs.tsx";
import { Section } from "./Section.tsx";

const Tools = patchContainer("SettingsToolsSection");

/** The container stands here twice, as in Stash: whoever adds to it is shown twice. */
export function ToolsPanel() {
  return (
    <>
      <Section heading="Tools">
        <Tools>
          <Setting heading={<Button href="/playground">GraphQL playground</Button>} />
        </Tools>
      </Section>
      <Section heading="Scene Tools">
        <Tools>
          <Setting heading={<Button disabled>Scene Filename Parser</Button>} />
        </Tools>
      </Section>
    </>
  );
}
