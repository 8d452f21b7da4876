import React, { useEffect } from "react";
import { Prompt, useLocation } from "react-router-dom";
import { useText } from "../../text/text.ts";
import { tabOf } from "./tabs.ts";

/** Asks before changes that are not saved are left, as Stash does. Other views of the same part may be gone to. */
export function Guard({ when }: { when: boolean }) {
  const { t } = useText();
  const here = useLocation();
  useEffect(() => {
    if (!when) return;
    const ask = (event: BeforeUnloadEvent) => {
      event.preventDefault();
      event.returnValue = "";
    };
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [when]);
  return (
    <Prompt
      when={when}
      message={(to) =>
        (to.pathname === here.pathname && tabOf(to.search) === tabOf(here.search)) || t("settings.unsaved.leave")
      }
    />
  );
}
