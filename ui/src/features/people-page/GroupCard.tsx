import { faEye, faEyeSlash, faPen } from "@fortawesome/free-solid-svg-icons";
import React from "react";
import { Button } from "react-bootstrap";
import type { FaceState, Group } from "../../schemas/people.ts";
import { Icon } from "../../shared/Icon.tsx";
import { Face } from "../../shared/people/Face.tsx";
import { hints } from "../../shared/people/hints.ts";
import { duration } from "../../shared/reason.ts";
import { useText } from "../../text/text.ts";

interface Props {
  group: Group;
  points: FaceState["points"] | undefined;
  isTicked: boolean;
  isBusy: boolean;
  onTick(): void;
  onOpen(): void;
  onName(): void;
  onIgnore(): void;
}

const FACE_PX = 112;

/** Somebody whom nobody has named. */
export function GroupCard({ group, points, isTicked, isBusy, onTick, onOpen, onName, onIgnore }: Props) {
  const text = useText();
  const { t } = text;
  const facts = t("people.group.facts", {
    media: group.media,
    tracks: group.tracks,
    seconds: duration(text, group.seconds),
  });
  const [likely] = hints(group.candidates, points);
  return (
    <li className={`sense-person-card card${isTicked ? " ticked" : ""}`}>
      <label className="sense-person-tick">
        <input type="checkbox" checked={isTicked} aria-label={t("people.group.tick", { facts })} onChange={onTick} />
      </label>
      <button
        type="button"
        className="sense-person-open"
        data-id={group.id}
        aria-label={t("people.group.open", { facts })}
        onClick={onOpen}
      >
        <Face id={group.best_track} size_px={FACE_PX} />
      </button>
      <div className="sense-person-facts">{facts}</div>
      {likely && <div className="sense-person-likely text-muted">{t("people.group.like", { name: likely.name })}</div>}
      <div className="sense-person-acts">
        <Button variant="primary" size="sm" disabled={isBusy} onClick={onName}>
          <Icon icon={faPen} /> {t("people.name")}
        </Button>
        <Button
          className="minimal"
          size="sm"
          disabled={isBusy}
          aria-label={t(group.ignored ? "people.unignore" : "people.ignore")}
          title={t(group.ignored ? "people.unignore" : "people.ignore")}
          onClick={onIgnore}
        >
          <Icon icon={group.ignored ? faEye : faEyeSlash} />
        </Button>
      </div>
    </li>
  );
}
