import { faArrowLeft, faTrash } from "@fortawesome/free-solid-svg-icons";
import React, { useState } from "react";
import { Button } from "react-bootstrap";
import { Link } from "react-router-dom";
import { call } from "../../operations.ts";
import { KINDS } from "../../schemas/common.ts";
import type { FaceState, Reference } from "../../schemas/people.ts";
import { timecode } from "../../shared/format.ts";
import { Icon } from "../../shared/Icon.tsx";
import { Loading } from "../../shared/Loading.tsx";
import { pathOf } from "../../shared/media.ts";
import { Problem } from "../../shared/Problem.tsx";
import { Face, ShownFace } from "../../shared/people/Face.tsx";
import { leastAlike } from "../../shared/people/hints.ts";
import { sourceName } from "../../shared/people/words.ts";
import { useOperation } from "../../shared/useOperation.ts";
import { type Text, useText } from "../../text/text.ts";
import { useAct } from "./useAct.ts";
import type { ChangeQuery } from "./useQuery.ts";

interface Props {
  /** The person's key. */
  id: string;
  points: FaceState["points"] | undefined;
  change: ChangeQuery;
  changed(): void;
}

/** Somebody who is known: by which pictures, from where, and who looks like them. */
export function Person({ id, points, change, changed }: Props) {
  const text = useText();
  const { t } = text;
  const { data, error, reload } = useOperation("people.get", { key: id });
  const alike = useOperation("people.look_alikes", { key: id, limit: 12 });
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [sure, setSure] = useState(false);
  const act = useAct(() => {
    reload();
    alike.reload();
    changed();
  });
  const references = data?.references ?? [];
  const chosen = references.filter((one) => ticked.has(one.id)).map((one) => one.id);
  const tick = (one: string) =>
    setTicked((before) =>
      before.has(one) ? new Set([...before].filter((id) => id !== one)) : new Set([...before, one]),
    );
  const remove = async () => {
    const done = await act.run(async () => {
      const { removed } = await call("people.remove_references", { ids: chosen });
      return { said: t("people.references.removed", { count: removed }) };
    });
    if (done) setTicked(new Set());
    setSure(false);
  };
  const person = data?.person;
  // Everybody has a most alike one, however little that is.
  const lookAlikes = points && alike.data?.people.filter(({ similarity }) => similarity >= leastAlike(points));
  return (
    <section className="sense-people-body" aria-label={person?.name ?? t("people.person")}>
      <div className="sense-people-bar">
        <Button variant="secondary" size="sm" onClick={() => change({ person: "" })}>
          <Icon icon={faArrowLeft} /> {t("people.back")}
        </Button>
        {sure && chosen.length > 0 ? (
          <>
            <span>{t("people.references.remove.about")}</span>
            <Button variant="danger" size="sm" disabled={act.busy} onClick={() => void remove()}>
              <Icon icon={faTrash} /> {t("people.references.remove.sure")}
            </Button>
            <Button variant="secondary" size="sm" onClick={() => setSure(false)}>
              {t("people.references.keep")}
            </Button>
          </>
        ) : (
          <Button variant="danger" size="sm" disabled={act.busy || chosen.length === 0} onClick={() => setSure(true)}>
            <Icon icon={faTrash} /> {t("people.references.remove", { count: chosen.length })}
          </Button>
        )}
      </div>
      {error && <Problem error={error} again={reload} />}
      {!data && !error && <Loading />}
      {person && (
        <>
          <h2 className="sense-people-title">
            {person.performer_id !== null ? (
              <Link to={`/performers/${person.performer_id}`}>{person.name}</Link>
            ) : (
              person.name
            )}{" "}
            {person.boxes.map((box) => (
              <span key={box.endpoint + box.id} className="badge badge-secondary">
                {box.name || box.endpoint}
              </span>
            ))}
          </h2>
          {data.links.length > 0 && (
            <ul className="list-unstyled text-muted">
              {data.links.map((link) => (
                <li key={link.key + link.other_key}>{linkSentence(text, link.why)}</li>
              ))}
            </ul>
          )}
          <h3>{t("people.references", { count: references.length })}</h3>
          {references.length === 0 && <p className="text-muted">{t("people.references.none")}</p>}
          <ul className="sense-group-tracks">
            {references.map((one) => (
              <li key={one.id} className={ticked.has(one.id) ? "ticked" : ""}>
                <label>
                  <input
                    type="checkbox"
                    checked={ticked.has(one.id)}
                    aria-label={t("people.references.tick", { source: sourceName(text, one.source) })}
                    onChange={() => tick(one.id)}
                  />
                  {one.picture ? <ShownFace picture={one.picture} size_px={88} /> : <Face id={one.id} size_px={88} />}
                </label>
                <Origin reference={one} />
              </li>
            ))}
          </ul>
        </>
      )}
      {person && (
        <section className="sense-people-body" aria-labelledby="sense-alike">
          <h3 id="sense-alike">{t("people.alike")}</h3>
          {alike.error && <Problem error={alike.error} again={alike.reload} />}
          {lookAlikes?.length === 0 && <p className="text-muted">{t("people.alike.none")}</p>}
          <ul className="sense-people-grid">
            {lookAlikes?.map((one) => (
              <li key={one.key} className="sense-person-card card">
                <button
                  type="button"
                  className="sense-person-open"
                  aria-label={t("people.person.open", { name: one.name })}
                  onClick={() => change({ person: one.key })}
                >
                  <Face id={one.picture_id} size_px={88} />
                </button>
                <strong className="sense-person-name">{one.name}</strong>
                <div className="sense-person-facts text-muted" title={t("people.similarity.about")}>
                  {t("people.similarity", { value: text.number(one.similarity, 2) })}
                </div>
              </li>
            ))}
          </ul>
        </section>
      )}
    </section>
  );
}

/** Where a reference comes from, with the way there. */
function Origin({ reference }: { reference: Reference }) {
  const text = useText();
  const { kind, media_id, pts_s } = reference;
  const known = KINDS.find((one) => one === kind);
  return (
    <span>
      {sourceName(text, reference.source)}
      {known && media_id !== null && (
        <Link to={pathOf(known, media_id, pts_s)}>{known === "scene" ? timecode(pts_s) : text.t("people.open")}</Link>
      )}
    </span>
  );
}

function linkSentence({ t }: Text, why: string): string {
  if (why === "same_as") return t("people.link.same_as");
  return why === "face_and_name" ? t("people.link.face_and_name") : why;
}
