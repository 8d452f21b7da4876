import React from "react";
import type { Watch } from "../../schemas/history.ts";
import { ForgetStay } from "../../shared/ForgetStay.tsx";
import { duration } from "../../shared/reason.ts";
import { useText } from "../../text/text.ts";

/** Each time that a scene was watched, to be forgotten one by one. */
export function Stays({ watches, changed }: { watches: readonly Watch[]; changed(): void }) {
  const text = useText();
  const { t } = text;
  if (watches.length === 0) return null;
  return (
    <details className="sense-stays">
      <summary>{t("watched.each", { count: watches.length })}</summary>
      <ul className="list-unstyled">
        {watches.map(({ id, started_s, played_s, completed }) => (
          <li key={id}>
            <span>
              {text.moment(started_s)}{" "}
              <span className="text-muted">
                {duration(text, played_s)} {completed && t("watched.completed")}
              </span>
            </span>
            <ForgetStay
              watch_id={id}
              name={t("watched.forget", { when: text.moment(started_s) })}
              forgotten={changed}
            />
          </li>
        ))}
      </ul>
    </details>
  );
}
