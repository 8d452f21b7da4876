import React from "react";
import { ProgressBar } from "react-bootstrap";
import { Link } from "react-router-dom";
import type { Progress } from "../../schemas/status.ts";
import { timecode } from "../../shared/format.ts";
import { Icon } from "../../shared/Icon.tsx";
import { KIND_ICONS } from "../../shared/kindIcons.ts";
import { pathOf } from "../../shared/media.ts";
import { duration } from "../../shared/reason.ts";
import { type Text, useText } from "../../text/text.ts";
import { useTitle } from "./titles.ts";

/** The media that are being analysed, each with how far it is. */
export function InWork({ media }: { media: readonly Progress[] }) {
  const { t } = useText();
  if (media.length === 0) return null;
  return (
    <ul className="sense-in-work" aria-label={t("tasks.in_work")}>
      {media.map((one) => (
        <Medium key={`${one.kind}:${one.id}`} made={one} />
      ))}
    </ul>
  );
}

function Medium({ made }: { made: Progress }) {
  const text = useText();
  const title = useTitle(text, { kind: made.kind, media_id: made.id, name: made.name });
  const share = made.duration_s > 0 ? Math.min(made.position_s / made.duration_s, 1) : 0;
  return (
    <li>
      <span className="sense-in-work-name">
        <Icon icon={KIND_ICONS[made.kind]} />
        <Link to={pathOf(made.kind, made.id)} title={title}>
          {title}
        </Link>
      </span>
      <ProgressBar now={100 * share} aria-label={text.t("tasks.progress.of", { name: title })} />
      <span className="sense-in-work-words text-muted">{wordsOf(text, made)}</span>
    </li>
  );
}

const STAGES = ["coarse", "refine", "score"] as const;

function wordsOf(text: Text, made: Progress): string {
  const { t } = text;
  const stage = STAGES.find((one) => one === made.stage);
  const words = stage ? [t(`tasks.stage.${stage}`)] : [];
  if (made.duration_s > 0) {
    words.push(t("tasks.at", { at: timecode(made.position_s), of: timecode(made.duration_s) }));
  }
  if (made.frames_per_s > 0) words.push(t("tasks.speed", { frames: text.number(made.frames_per_s) }));
  if (made.seconds_left !== null) words.push(t("tasks.left", { left: duration(text, made.seconds_left) }));
  return words.join(" · ");
}
