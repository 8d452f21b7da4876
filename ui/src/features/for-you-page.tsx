/** What to watch next, and what could go. */
import "../shared/recommend/recommend.css";
import "./for-you-page.css";
import React from "react";
import type { Feature } from "../feature.ts";
import { addPage } from "../host/route.tsx";
import { PAGES } from "../shared/pages.ts";
import { SensePage } from "../shared/SensePage.tsx";
import { ForYou } from "./for-you-page/ForYou.tsx";

const id = "for-you-page";

function Page() {
  return (
    <SensePage title={PAGES.forYou.title}>
      <ForYou />
    </SensePage>
  );
}

export const forYouPage: Feature = {
  id,
  init(signal) {
    addPage(PAGES.forYou.path, id, signal, Page);
  },
};
