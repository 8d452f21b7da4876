import {
  faCircleNotch,
  faClock,
  faExclamationTriangle,
  faPause,
  type IconDefinition,
} from "@fortawesome/free-solid-svg-icons";
import React from "react";
import { Link } from "react-router-dom";
import { Icon } from "../../shared/Icon.tsx";
import { PAGES } from "../../shared/pages.ts";
import { type Text, useText } from "../../text/text.ts";
import type { Sign } from "./sign.ts";
import { useSign } from "./useSign.ts";

const ICONS: Record<Sign["state"], IconDefinition> = {
  running: faCircleNotch,
  queued: faClock,
  waiting: faClock,
  paused: faPause,
  failed: faExclamationTriangle,
};

/** Stash renders its place twice, beside the menu's button and in the menu: both are fed by one source. */
export function Indicator() {
  const text = useText();
  const sign = useSign();
  if (!sign) return null;
  const words = sentenceOf(text, sign);
  const short = shortOf(text, sign);
  return (
    <Link
      to={PAGES.tasks.path}
      title={words}
      aria-label={words}
      className={`nav-utility btn minimal sense-indicator sense-indicator-${sign.state}`}
    >
      <Icon icon={ICONS[sign.state]} className={sign.state === "running" ? "fa-spin" : ""} />
      {short && <span>{short}</span>}
    </Link>
  );
}

function shortOf(text: Text, sign: Sign): string {
  if (sign.state === "running") return sign.share === null ? "" : text.share(sign.share);
  return sign.state === "queued" ? "" : text.number(sign.count);
}

function sentenceOf({ t, share }: Text, sign: Sign): string {
  switch (sign.state) {
    case "running":
      return t("indicator.running", { known: sign.share === null ? "no" : "yes", share: share(sign.share ?? 0) });
    case "queued":
      return t("indicator.queued", { known: sign.behind ? "yes" : "no", job: sign.behind });
    case "waiting":
      return t("indicator.waiting", { count: sign.count, sentence: sign.sentence, told: sign.sentence ? "yes" : "no" });
    case "paused":
      return t("indicator.paused", { count: sign.count });
    case "failed":
      return t("indicator.failed", { count: sign.count });
  }
}
