import type { IconDefinition } from "@fortawesome/free-solid-svg-icons";
import React from "react";
import { stashComponent } from "../host/pluginApi.ts";

/** A Font Awesome icon as Stash draws it, hidden from screen readers: say beside it what it means. */
export function Icon({ icon, className }: { icon: IconDefinition | undefined; className?: string }) {
  const StashIcon = stashComponent("Icon");
  return StashIcon && icon ? <StashIcon icon={icon} className={className} /> : null;
}
