import React, { useState } from "react";
import { Button } from "react-bootstrap";
import { Link } from "react-router-dom";
import { pluginApi } from "../../host/pluginApi.ts";
import { call } from "../../operations.ts";
import type { Watch } from "../../schemas/history.ts";
import { ForgetStay } from "../../shared/ForgetStay.tsx";
import { pathOf } from "../../shared/media.ts";
import { Problem, sentence } from "../../shared/Problem.tsx";
import { duration } from "../../shared/reason.ts";
import { useAction, useOperation } from "../../shared/useOperation.ts";
import { useSeen } from "../../shared/useSeen.ts";
import { useText } from "../../text/text.ts";

const AT_ONCE = 20;

/** What was watched, the newest first, to be forgotten one by one. Asked for when it comes on screen. */
export function Lately({ changed }: { changed(): void }) {
  const text = useText();
  const { t } = text;
  const toast = pluginApi().hooks.useToast();
  const [place, isSeen] = useSeen<HTMLElement>();
  const { data, error, reload } = useOperation("history.list", { limit: AT_ONCE }, { enabled: isSeen });
  const [older, setOlder] = useState<{ watches: readonly Watch[]; next: string | null }>();
  const [gone, setGone] = useState<ReadonlySet<number>>(new Set());
  const next = older ? older.next : data?.next;
  const more = useAction(
    async (before: string) => {
      const page = await call("history.list", { limit: AT_ONCE, before });
      setOlder((known) => ({ watches: [...(known?.watches ?? []), ...page.watches], next: page.next }));
    },
    (problem) => toast.error(sentence(text, problem)),
  );
  const shown = [...(data?.watches ?? []), ...(older?.watches ?? [])].filter(({ id }) => !gone.has(id));
  return (
    <section ref={place} className="sense-lately" aria-label={t("lately")}>
      {error && <Problem error={error} again={reload} isQuiet />}
      {shown.length > 0 && (
        <div className="card">
          <h2>{t("lately")}</h2>
          <ul className="list-unstyled">
            {shown.map(({ id, scene_id, title, started_s, played_s, completed }) => (
              <li key={id}>
                <Link to={pathOf("scene", scene_id)}>{title || `#${scene_id}`}</Link>
                <span className="text-muted">
                  {t("lately.row", { when: text.moment(started_s), time: duration(text, played_s) })}{" "}
                  {completed && t("watched.completed")}
                </span>
                <ForgetStay
                  watch_id={id}
                  name={t("lately.forget", { title: title || `#${scene_id}`, when: text.moment(started_s) })}
                  forgotten={() => {
                    setGone((before) => new Set(before).add(id));
                    changed();
                  }}
                />
              </li>
            ))}
          </ul>
          {next && (
            <Button variant="secondary" size="sm" disabled={more.busy} onClick={() => void more.run(next)}>
              {t("lately.more")}
            </Button>
          )}
        </div>
      )}
    </section>
  );
}
