import { faCircleExclamation } from "@fortawesome/free-solid-svg-icons";
import React, { type ReactNode } from "react";
import { Icon } from "../../shared/Icon.tsx";

/** What is wrong, in words; the colour is the icon's alone, for red words are hard to read on Stash's grey. */
export function Wrong({ children, role }: { children: ReactNode; role?: "alert" }) {
  return (
    <div className="sense-wrong" role={role}>
      <Icon icon={faCircleExclamation} className="text-danger" />
      <span>{children}</span>
    </div>
  );
}
