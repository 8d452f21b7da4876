import { faTrash } from "@fortawesome/free-solid-svg-icons";
import React, { useState } from "react";
import { Button } from "react-bootstrap";
import { pluginApi } from "../../host/pluginApi.ts";
import { call } from "../../operations.ts";
import type { Watch } from "../../schemas/history.ts";
import { Icon } from "../../shared/Icon.tsx";
import { sentence } from "../../shared/Problem.tsx";
import { duration } from "../../shared/reason.ts";
import { useAction } from "../../shared/useOperation.ts";
import { useText } from "../../text/text.ts";

/** Each time that a scene was watched, to be forgotten one by one: for good, so it is asked for twice. */
export function Stays({ watches, changed }: { watches: readonly Watch[]; changed(): void }) {
  const text = useText();
  const { t } = text;
  const toast = pluginApi().hooks.useToast();
  const [sure, setSure] = useState<number>();
  const forget = useAction(
    async (id: number) => {
      await call("history.remove", { watch_ids: [id] });
      changed();
    },
    (error) => toast.error(sentence(text, error)),
  );
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
            {sure === id ? (
              <Button variant="danger" size="sm" disabled={forget.busy} onClick={() => void forget.run(id)}>
                {t("watched.forget.sure")}
              </Button>
            ) : (
              <Button
                variant="secondary"
                size="sm"
                className="minimal"
                aria-label={t("watched.forget", { when: text.moment(started_s) })}
                onClick={() => setSure(id)}
              >
                <Icon icon={faTrash} />
              </Button>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
