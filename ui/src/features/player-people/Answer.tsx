import { faCheck, faTimes } from "@fortawesome/free-solid-svg-icons";
import React, { useLayoutEffect, useRef, useState } from "react";
import { Button } from "react-bootstrap";
import { Link } from "react-router-dom";
import { createPerformer, setPerformer } from "../../host/performers.ts";
import { pluginApi } from "../../host/pluginApi.ts";
import { refresh } from "../../host/refresh.ts";
import type { OperationError } from "../../operations.ts";
import type { Candidate, Identified, Track } from "../../schemas/people.ts";
import { Icon } from "../../shared/Icon.tsx";
import { Loading } from "../../shared/Loading.tsx";
import { Problem, sentence } from "../../shared/Problem.tsx";
import { chosenOf } from "../../shared/people/acceptTrack.ts";
import { Face, ShownFace } from "../../shared/people/Face.tsx";
import { type Chosen, Finder } from "../../shared/people/Finder.tsx";
import { hints } from "../../shared/people/hints.ts";
import { nameOfPerson, peopleOf } from "../../shared/people/seen.ts";
import { useNaming } from "../../shared/people/useNaming.ts";
import { usePoints } from "../../shared/people/usePoints.ts";
import { evidenceSentence } from "../../shared/people/words.ts";
import { useAction, useOperation } from "../../shared/useOperation.ts";
import { useUndoToast } from "../../shared/useUndoToast.tsx";
import { useText } from "../../text/text.ts";
import type { Answered } from "./Asking.tsx";
import { trackAt } from "./onScreen.ts";

interface Props {
  scene_id: number;
  /** undefined while it is on its way. */
  answer: Answered | undefined;
  error: OperationError | undefined;
  again(): void;
  onClose(): void;
  /** Somebody was accepted. */
  onDone(): void;
}

/** Whom was seen, who they may be, and the way to say so. */
export function Answer({ scene_id, answer, error, again, onClose, onDone }: Props) {
  const text = useText();
  const { t } = text;
  const medium = { kind: "scene", id: scene_id } as const;
  const seen = useOperation("people.medium", medium);
  const marks = useOperation("people.on_screen", medium);
  const points = usePoints();
  const tracks = seen.data?.tracks ?? [];
  const own = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => own.current?.focus(), []);
  return (
    <div
      ref={own}
      tabIndex={-1}
      className="sense-answer popover"
      role="dialog"
      aria-label={t("player.answer")}
      aria-busy={!answer && !error}
    >
      <div className="sense-answer-head">
        <strong>{answer ? t("player.faces", { count: answer.faces.length }) : t("player.looking")}</strong>
        <Button className="minimal ml-auto" size="sm" aria-label={t("player.back")} onClick={onClose}>
          <Icon icon={faTimes} />
        </Button>
      </div>
      {error && <Problem error={error} again={again} />}
      {!answer && !error && <Loading inline />}
      {answer?.wasWidened && <p className="text-muted">{t("player.widened")}</p>}
      {answer?.note && <p role="status">{answer.note}</p>}
      {answer?.faces.map((face, n) => {
        const track = marks.data && trackAt(tracks, marks.data.marks, answer.pts_s, face.box);
        const person = peopleOf(tracks).find((one) => one.tracks.some(({ id }) => id === track?.id));
        return (
          <OneFace
            // biome-ignore lint/suspicious/noArrayIndexKey: faces are listed once, in order.
            key={n}
            scene_id={scene_id}
            face={face}
            track={track}
            points={points}
            name={person ? nameOfPerson(text, person) : t("player.face", { number: n + 1 })}
            onDone={onDone}
          />
        );
      })}
    </div>
  );
}

interface FaceProps {
  scene_id: number;
  face: Identified;
  /** Where the scene's own faces have it. */
  track: Track | undefined;
  points: ReturnType<typeof usePoints>;
  name: string;
  onDone(): void;
}

function OneFace({ scene_id, face, track, points, name, onDone }: FaceProps) {
  const text = useText();
  const { t } = text;
  const [isSearching, setSearching] = useState(false);
  const naming = useNaming({ kind: "scene", id: scene_id }, () => undefined);
  const adding = useAdding(scene_id);
  const likely = hints(face.candidates, points);
  const isBusy = naming.working !== "" || adding.busy;
  const choose = async (chosen: Chosen, candidate?: Candidate) => {
    const done = track ? await naming.accept(track.id, chosen) : await adding.run(chosen, candidate);
    if (done) onDone();
  };
  return (
    <section className="sense-answer-face" aria-label={name}>
      <div className="sense-who-head">
        <ShownFace picture={face.picture || null} size_px={64} />
        <span>
          <strong>{name}</strong>
          <div className="text-muted">{t(`player.decision.${face.decision}`)}</div>
        </span>
      </div>
      {likely.map((one) => (
        <div key={one.key} className="sense-who-candidate">
          <Face id={one.reference_id} size_px={40} />
          <span>
            <strong>{one.name}</strong>{" "}
            {one.decision === "maybe" && <span className="badge badge-warning">{t("people.decision.maybe")}</span>}
            <small className="text-muted d-block">{evidenceSentence(text, { ...one, views: 0 }, one.name)}</small>
          </span>
          <Button
            className="minimal"
            size="sm"
            disabled={isBusy}
            aria-label={t("people.is", { name: one.name })}
            title={t("people.is", { name: one.name })}
            onClick={() => void choose(chosenOf(one), one)}
          >
            <Icon icon={faCheck} className="text-success" />
          </Button>
        </div>
      ))}
      {isSearching ? (
        <Finder busy={isBusy} onChoose={(chosen) => void choose(chosen)} />
      ) : (
        <Button variant="secondary" size="sm" onClick={() => setSearching(true)}>
          {t(likely.length > 0 ? "player.other" : "player.find")}
        </Button>
      )}
      {face.group_id && (
        <Link to={`/sense/people?group=${encodeURIComponent(face.group_id)}`}>{t("people.see_group")}</Link>
      )}
      {!track && <small className="text-muted">{t("player.no_track")}</small>}
    </section>
  );
}

/** Where the scene's faces were not looked at, its owner adds a performer as on Stash's own pages. */
function useAdding(scene_id: number) {
  const text = useText();
  const toast = pluginApi().hooks.useToast();
  const undoToast = useUndoToast();
  const medium = { kind: "scene", id: scene_id } as const;
  const set = async (performer_id: number, isThere: boolean) => {
    await setPerformer(medium, performer_id, isThere);
    refresh([medium]);
  };
  const fail = (error: OperationError) => toast.error(sentence(text, error));
  const undo = useAction((performer_id: number) => set(performer_id, false), fail);
  return useAction(async (chosen: Chosen, candidate?: Candidate) => {
    const performer_id = await performerOf(chosen, candidate);
    await set(performer_id, true);
    undoToast(text.t("people.accepted", { name: chosen.name }), () => void undo.run(performer_id));
    return true;
  }, fail);
}

async function performerOf(chosen: Chosen, candidate: Candidate | undefined): Promise<number> {
  if (chosen.way === "performer") return chosen.performer_id;
  if (chosen.way === "box") return createPerformer(chosen.name, chosen);
  return candidate?.performer_id ?? createPerformer(chosen.name, candidate?.boxes[0]);
}
