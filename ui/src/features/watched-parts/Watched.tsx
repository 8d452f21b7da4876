import React from "react";
import { Button } from "react-bootstrap";
import type { SceneHistory } from "../../schemas/history.ts";
import { range } from "../../shared/format.ts";
import { Problem } from "../../shared/Problem.tsx";
import { duration } from "../../shared/reason.ts";
import type { SceneSectionProps } from "../../shared/sceneSections.tsx";
import { useOperation } from "../../shared/useOperation.ts";
import { useSeen } from "../../shared/useSeen.ts";
import { useText } from "../../text/text.ts";
import { favourites, placesOf } from "./parts.ts";
import { Stays } from "./Stays.tsx";

/** What of a scene was watched: nothing where nothing was. Asked for when the section comes on screen. */
export function Watched({ scene_id, duration_s, seek }: SceneSectionProps) {
  const { t } = useText();
  const [place, isSeen] = useSeen<HTMLElement>();
  const { data, error, reload } = useOperation("history.scene", { id: scene_id }, { enabled: isSeen });
  const isKnown = data && (data.watches.length > 0 || data.plays > 0 || data.watched_s > 0);
  return (
    <section ref={place} className="sense-section sense-watched" aria-label={t("watched")}>
      {error && <Problem error={error} again={reload} isQuiet />}
      {isKnown && <Told history={data} duration_s={data.duration_s || duration_s} seek={seek} changed={reload} />}
    </section>
  );
}

interface Props {
  history: SceneHistory;
  duration_s: number;
  seek(at_s: number): void;
  changed(): void;
}

function Told({ history, duration_s, seek, changed }: Props) {
  const text = useText();
  const { t } = text;
  const parts = placesOf(history.coverage, duration_s);
  return (
    <>
      <h5>{t("watched")}</h5>
      <p className="text-muted">
        {t("watched.summary", {
          time: duration(text, history.watched_s),
          plays: Math.max(history.plays, history.watches.length),
          last: history.last_s === null ? "" : text.ago(history.last_s),
          is_dated: history.last_s === null ? "no" : "yes",
        })}
      </p>
      {parts.length > 0 && (
        <>
          <div className="sense-watched-lane" aria-hidden="true">
            {parts.map(({ left, width, strength, stretch: [start_s, end_s, times] }) => (
              <span
                key={start_s}
                style={{ left: `${left * 100}%`, width: `${width * 100}%`, opacity: strength }}
                title={t("watched.part", { range: range(start_s, end_s), times })}
              />
            ))}
          </div>
          <div className="sense-watched-parts">
            {favourites(history.coverage).map(([start_s, end_s, times]) => (
              <Button key={start_s} variant="secondary" size="sm" onClick={() => seek(start_s)}>
                {t("watched.part", { range: range(start_s, end_s), times })}
              </Button>
            ))}
          </div>
        </>
      )}
      <Stays watches={history.watches} changed={changed} />
    </>
  );
}
