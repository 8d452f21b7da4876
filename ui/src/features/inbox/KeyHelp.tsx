import React from "react";
import { useText } from "../../text/text.ts";

/** The keys, where there is a keyboard to press them. */
export function KeyHelp({ isHistory }: { isHistory: boolean }) {
  const { t } = useText();
  const keys = [
    ["j k", t("inbox.key.move")],
    [t("inbox.key.space"), t("inbox.key.tick")],
    ...(isHistory ? [] : [["y", t("inbox.accept")] as const, ["x", t("inbox.reject")] as const]),
    ["u", t(isHistory ? "inbox.undo" : "inbox.key.undo")],
    ["p", t("inbox.key.play")],
    ["Enter", t("inbox.key.open")],
  ] as const;
  return (
    <ul className="sense-inbox-keys" aria-label={t("inbox.keys")}>
      {keys.map(([key, does]) => (
        <li key={key}>
          {key.split(" ").map((one) => (
            <kbd key={one}>{one}</kbd>
          ))}
          {does}
        </li>
      ))}
    </ul>
  );
}
