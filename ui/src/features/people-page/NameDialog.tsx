/** Who is it? One of the performers, somebody of a stash-box, or somebody new. */
import React from "react";
import { Button, Modal } from "react-bootstrap";
import { refresh } from "../../host/refresh.ts";
import { type Arguments, call } from "../../operations.ts";
import type { Candidate, FaceState, Group } from "../../schemas/people.ts";
import { Face } from "../../shared/people/Face.tsx";
import { type Chosen, Finder } from "../../shared/people/Finder.tsx";
import { hints } from "../../shared/people/hints.ts";
import { evidenceSentence } from "../../shared/people/words.ts";
import { useText } from "../../text/text.ts";
import { useAct } from "./useAct.ts";

interface Props {
  group: Group;
  points: FaceState["points"] | undefined;
  changed(): void;
  onClose(): void;
  /** It has a name now. */
  onNamed?(): void;
}

type Naming = Omit<Arguments<"people.name">, "id">;

export function NameDialog({ group, points, changed, onClose, onNamed }: Props) {
  const text = useText();
  const { t } = text;
  const act = useAct(changed);
  const name = async (naming: Naming, called: string) => {
    const done = await act.run(async () => {
      const { naming_id, media, suggested } = await call("people.name", { id: group.id, ...naming });
      refresh(media);
      // Those of the group are among the suggested ones, and accepted already.
      const more = Math.max(0, suggested - group.media);
      return {
        said: t("people.named", { name: called, media: group.media, suggested: more }),
        undo: async () => refresh((await call("people.unname", { naming_id })).media),
      };
    });
    if (!done) return;
    onClose();
    onNamed?.();
  };
  return (
    <Modal show onHide={onClose} aria-labelledby="sense-name-group">
      <Modal.Header>
        <span id="sense-name-group">{t("people.name.title")}</span>
      </Modal.Header>
      <Modal.Body className="sense-name-body">
        <Face id={group.best_track} size_px={112} />
        <p className="text-muted">{t("people.name.about", { media: group.media })}</p>
        {hints(group.candidates, points).map((one) => (
          <div key={one.key} className="sense-who-candidate">
            <Face id={one.reference_id} size_px={48} />
            <span>
              <strong>{one.name}</strong>
              <small className="text-muted d-block">{evidenceSentence(text, { ...one, views: 0 }, one.name)}</small>
            </span>
            <Button
              variant="secondary"
              size="sm"
              disabled={act.busy}
              onClick={() => void name(namingOf(one), one.name)}
            >
              {t("people.is", { name: one.name })}
            </Button>
          </div>
        ))}
        <Finder busy={act.busy} onChoose={(chosen) => void name(asNaming(chosen), chosen.name)} />
      </Modal.Body>
      <Modal.Footer>
        <Button variant="secondary" onClick={onClose}>
          {t("action.cancel")}
        </Button>
      </Modal.Footer>
    </Modal>
  );
}

function asNaming(chosen: Chosen): Naming {
  if (chosen.way === "performer") return { performer_id: chosen.performer_id };
  if (chosen.way === "box") return ofBox(chosen, chosen.name);
  return { create: { name: chosen.name } };
}

function namingOf({ performer_id, boxes, name }: Candidate): Naming {
  const [box] = boxes;
  if (performer_id !== null) return { performer_id };
  return box ? ofBox(box, name) : { create: { name } };
}

/** Somebody of a stash-box; the name is theirs until that tells another. */
function ofBox({ endpoint, id }: { endpoint: string; id: string }, name: string): Naming {
  return { box: { endpoint, id }, create: { name } };
}
