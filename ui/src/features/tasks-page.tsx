/** The page of tasks: what happens now, the queue and its history, runs and their undoing, and how healthy all is. */
import "./tasks-page.css";
import React from "react";
import type { Feature } from "../feature.ts";
import { addPage } from "../host/route.tsx";
import { PAGES } from "../shared/pages.ts";
import { SensePage } from "../shared/SensePage.tsx";
import { Tasks } from "./tasks-page/Tasks.tsx";

const id = "tasks-page";

function Page() {
  return (
    <SensePage title={PAGES.tasks.title}>
      <Tasks />
    </SensePage>
  );
}

export const tasksPage: Feature = {
  id,
  init(signal) {
    addPage(PAGES.tasks.path, id, signal, Page);
  },
};
