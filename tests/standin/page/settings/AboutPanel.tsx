import { useQuery } from "@apollo/client";
import React from "react";
import { VersionDocument } from "../graphql/documents.ts";
import { ConstantSetting } from "./inputs.tsx";
import { Section } from "./Section.tsx";

export function AboutPanel() {
  const { data } = useQuery<{ version: Record<string, string> }>(VersionDocument);
  return (
    <Section heading="Version">
      <ConstantSetting heading="Stash (stand-in)" value={data?.version.version} />
      <ConstantSetting heading="Build hash" value={data?.version.hash} />
    </Section>
  );
}
