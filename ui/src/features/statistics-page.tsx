/** What was watched, in numbers. */
import "../shared/recommend/recommend.css";
import "./statistics-page.css";
import React from "react";
import type { Feature } from "../feature.ts";
import { addPage } from "../host/route.tsx";
import { PAGES } from "../shared/pages.ts";
import { SensePage } from "../shared/SensePage.tsx";
import { Statistics } from "./statistics-page/Statistics.tsx";

const id = "statistics-page";

function Page() {
  return (
    <SensePage title={PAGES.statistics.title}>
      <Statistics />
    </SensePage>
  );
}

export const statisticsPage: Feature = {
  id,
  init(signal) {
    addPage(PAGES.statistics.path, id, signal, Page);
  },
};
