/** The inbox: what is suggested, over the whole library. */
import "./inbox.css";
import React from "react";
import type { Feature } from "../feature.ts";
import { addPage } from "../host/route.tsx";
import { PAGES } from "../shared/pages.ts";
import { SensePage } from "../shared/SensePage.tsx";
import { Announcer } from "./inbox/Announcer.tsx";
import { Inbox } from "./inbox/Inbox.tsx";

const id = "inbox";

function Page() {
  return (
    <SensePage title={PAGES.inbox.title}>
      <Announcer>
        <Inbox />
      </Announcer>
    </SensePage>
  );
}

export const inbox: Feature = {
  id,
  init(signal) {
    addPage(PAGES.inbox.path, id, signal, Page);
  },
};
