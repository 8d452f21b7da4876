/** The page of people: those whom nobody has named, and those who are known, by their faces. */
import "./people-page.css";
import React from "react";
import type { Feature } from "../feature.ts";
import { addPage } from "../host/route.tsx";
import { PAGES } from "../shared/pages.ts";
import { SensePage } from "../shared/SensePage.tsx";
import { People } from "./people-page/People.tsx";

const id = "people-page";

function Page() {
  return (
    <SensePage title={PAGES.people.title}>
      <People />
    </SensePage>
  );
}

export const peoplePage: Feature = {
  id,
  init(signal) {
    addPage(PAGES.people.path, id, signal, Page);
  },
};
