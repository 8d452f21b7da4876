/** People in a medium whom nobody has named: their faces, and for each the way to say who it is. */
import { faCheck, faTimes } from "@fortawesome/free-solid-svg-icons";
import React, { useState } from "react";
import { Button } from "react-bootstrap";
import { Link } from "react-router-dom";
import type { Changed } from "../../host/refresh.ts";
import type { Track } from "../../schemas/people.ts";
import { useText } from "../../text/text.ts";
import { Icon } from "../Icon.tsx";
import { duration } from "../reason.ts";
import { chosenOf } from "./acceptTrack.ts";
import { Face } from "./Face.tsx";
import { Finder } from "./Finder.tsx";
import { hints } from "./hints.ts";
import { Moments } from "./Moments.tsx";
import { useNaming } from "./useNaming.ts";
import { usePoints } from "./usePoints.ts";
import { evidenceSentence } from "./words.ts";

interface Props {
  medium: Changed;
  tracks: readonly Track[];
  /** What each is called here, by the track's id. */
  names: ReadonlyMap<string, string>;
  /** Go to a moment; undefined where there are none. */
  go: ((at_s: number) => void) | undefined;
  changed(): void;
}

const FACE_PX = 56;

export function Unnamed({ medium, tracks, names, go, changed }: Props) {
  const { t } = useText();
  const [open, setOpen] = useState<string>();
  const naming = useNaming(medium, changed);
  if (tracks.length === 0) return null;
  const track = tracks.find(({ id }) => id === open);
  const nameOf = ({ id }: Track) => names.get(id) ?? t("people.unknown");
  return (
    <section className="sense-unnamed" aria-label={t("people.unnamed")}>
      <h6>{t("people.unnamed.count", { count: tracks.length })}</h6>
      <div className="sense-unnamed-faces">
        {tracks.map((one) => (
          <button
            key={one.id}
            type="button"
            className="sense-unnamed-face"
            aria-expanded={one.id === open}
            aria-label={t("people.who_is", { name: nameOf(one) })}
            title={t("people.who_is", { name: nameOf(one) })}
            onClick={() => setOpen(one.id === open ? undefined : one.id)}
          >
            <Face id={one.id} size_px={FACE_PX} />
            <span>{nameOf(one)}</span>
          </button>
        ))}
      </div>
      {track && (
        <WhoIsIt
          key={track.id}
          track={track}
          name={nameOf(track)}
          go={go}
          busy={naming.working !== ""}
          onReject={(key, name) => void naming.reject(track.id, key, name)}
          onChoose={(chosen) => void naming.accept(track.id, chosen).then((done) => done && setOpen(undefined))}
          onClose={() => setOpen(undefined)}
        />
      )}
    </section>
  );
}

interface AskProps {
  track: Track;
  name: string;
  go: Props["go"];
  busy: boolean;
  onReject(key: string, name: string): void;
  onChoose: Parameters<typeof Finder>[0]["onChoose"];
  onClose(): void;
}

function WhoIsIt({ track, name, go, busy, onReject, onChoose, onClose }: AskProps) {
  const text = useText();
  const { t } = text;
  const points = usePoints();
  const likely = hints(
    track.candidates.filter(({ rejected }) => !rejected),
    points,
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape leaves, wherever in it one is.
    <div className="sense-who" onKeyDown={(event) => event.key === "Escape" && onClose()}>
      <div className="sense-who-head">
        <strong>{t("people.who_is", { name })}</strong>
        <span className="text-muted">{track.seconds > 0 && duration(text, track.seconds)}</span>
        <Button className="minimal ml-auto" size="sm" aria-label={t("action.close")} onClick={onClose}>
          <Icon icon={faTimes} />
        </Button>
      </div>
      {go && <Moments moments={track.spans} name={name} go={go} />}
      {likely.map((one) => (
        <div key={one.key} className="sense-who-candidate">
          <Face id={one.reference_id} size_px={40} />
          <span>
            <strong>{one.name}</strong>{" "}
            <small className="text-muted">{evidenceSentence(text, { ...one, views: track.views }, one.name)}</small>
          </span>
          <Button
            className="minimal"
            size="sm"
            disabled={busy}
            aria-label={t("people.is", { name: one.name })}
            title={t("people.is", { name: one.name })}
            onClick={() => onChoose(chosenOf(one))}
          >
            <Icon icon={faCheck} className="text-success" />
          </Button>
          <Button
            className="minimal"
            size="sm"
            disabled={busy}
            aria-label={t("people.is_not", { name: one.name })}
            title={t("people.is_not", { name: one.name })}
            onClick={() => onReject(one.key, one.name)}
          >
            <Icon icon={faTimes} className="text-danger" />
          </Button>
        </div>
      ))}
      <Finder busy={busy} onChoose={onChoose} />
      {track.group_id && (
        <Link to={`/sense/people?group=${encodeURIComponent(track.group_id)}`}>{t("people.see_group")}</Link>
      )}
    </div>
  );
}
