import { faArrowsRotate, faObjectGroup, faRotate, faUserCheck } from "@fortawesome/free-solid-svg-icons";
import React, { useState } from "react";
import { Alert, Button, Collapse } from "react-bootstrap";
import { runTask } from "../../host/pluginTask.ts";
import { call } from "../../operations.ts";
import type { FaceState } from "../../schemas/people.ts";
import { capital } from "../../shared/capital.ts";
import { Icon } from "../../shared/Icon.tsx";
import { sourceName } from "../../shared/people/words.ts";
import { type Text, useText } from "../../text/text.ts";
import { Erase } from "./Erase.tsx";
import { useAct } from "./useAct.ts";

/** Names of the manifest's tasks. */
const TASKS = [
  { task: "Identify performers", icon: faUserCheck, key: "identify" },
  { task: "Update face references", icon: faArrowsRotate, key: "references" },
  { task: "Group unknown people", icon: faObjectGroup, key: "groups" },
] as const;

/** How much is known of faces, how sure decisions are, and what can be done about it. */
export function State({ state, reload }: { state: FaceState; reload(): void }) {
  const text = useText();
  const { t } = text;
  const [isOpen, setOpen] = useState(false);
  const act = useAct(reload);
  return (
    <section className="sense-people-state" aria-label={t("people.state")}>
      {!state.ready && <Alert variant="warning">{t("people.state.away", { why: state.why })}</Alert>}
      <div className="sense-people-state-line">
        <span className="text-muted">
          {(state.ready || state.people > 0) &&
            t("people.state.count", { people: state.people, references: state.references, groups: state.groups })}{" "}
          <Button
            variant="link"
            size="sm"
            className="sense-inline"
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            {t(isOpen ? "people.state.less" : "people.state.more")}
          </Button>
        </span>
        <span className="sense-people-tasks">
          {TASKS.map(({ task, icon, key }) => (
            <Button
              key={task}
              variant="secondary"
              size="sm"
              disabled={act.busy}
              title={t(`people.task.${key}.about`)}
              onClick={() =>
                void act.run(async () => {
                  await runTask(task);
                  return { said: t("people.task.asked", { task: t(`people.task.${key}`) }) };
                })
              }
            >
              <Icon icon={icon} /> {t(`people.task.${key}`)}
            </Button>
          ))}
          <Button
            className="minimal"
            size="sm"
            title={t("people.reload")}
            aria-label={t("people.reload")}
            onClick={reload}
          >
            <Icon icon={faRotate} />
          </Button>
        </span>
      </div>
      <Collapse in={isOpen} mountOnEnter unmountOnExit>
        <div>
          <dl className="sense-people-facts">
            <Fact name={t("people.state.model")}>{state.model || t("people.state.none")}</Fact>
            <Fact name={t("people.state.seen")}>
              {t("people.state.faces", { faces: state.faces, tracks: state.tracks, media: state.media })}
            </Fact>
            <Fact name={t("people.state.sources")}>{sources(text, state) || t("people.state.none")}</Fact>
            <Fact name={t("people.state.search")}>
              {[state.search, state.search_note && capital(state.search_note)].filter(Boolean).join(" · ")}
            </Fact>
            <Fact name={t("people.state.size")}>{text.bytes(state.size_bytes)}</Fact>
            {state.last_import && <Fact name={t("people.state.import")}>{state.last_import}</Fact>}
          </dl>
          {state.points.length > 0 && (
            <>
              <h6>{t("people.points")}</h6>
              <ul className="sense-people-points">
                {state.points.map((point) => (
                  <li key={point.references}>{pointSentence(text, point)}</li>
                ))}
              </ul>
            </>
          )}
          <h6>{t("people.boxes")}</h6>
          {state.boxes.length === 0 && <p className="text-muted">{t("people.boxes.none")}</p>}
          <ul className="list-unstyled sense-people-boxes">
            {state.boxes.map((box) => (
              <li key={box.endpoint}>
                <strong>{box.name || box.endpoint}</strong>
                <span className="text-muted">{boxSentence(text, box)}</span>
                {box.problem && <span className="text-warning">{capital(box.problem)}</span>}
                <Button
                  variant="secondary"
                  size="sm"
                  disabled={act.busy}
                  title={t("people.boxes.sync.about")}
                  onClick={() =>
                    void act.run(async () => {
                      await call("people.sync", { endpoint: box.endpoint });
                      return { said: t("people.boxes.asked", { name: box.name || box.endpoint }) };
                    })
                  }
                >
                  {t("people.boxes.sync")}
                </Button>
              </li>
            ))}
          </ul>
          <Erase changed={reload} />
        </div>
      </Collapse>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function sources(text: Text, state: FaceState): string {
  return Object.entries(state.references_by_source)
    .sort((a, b) => b[1] - a[1])
    .map(([source, count]) => text.t("people.state.source", { source: sourceName(text, source), count }))
    .join(", ");
}

/** An operating point in words: how often somebody who is not known would be taken for one who is. */
function pointSentence(text: Text, point: FaceState["points"][number]): string {
  const oneIn = (rate: number) => (rate > 0 ? text.number(Math.round(1 / rate)) : "");
  return text.t("people.point", {
    references: capital(point.references),
    match: text.number(point.match, 2),
    maybe: text.number(point.maybe, 2),
    match_one_in: oneIn(point.match_false_accepts),
    maybe_one_in: oneIn(point.maybe_false_accepts),
    match_known: point.match_false_accepts > 0 ? "yes" : "no",
    maybe_known: point.maybe_false_accepts > 0 ? "yes" : "no",
    basis: point.basis === "library" ? "library" : "model",
    trials: point.trials,
  });
}

function boxSentence(text: Text, box: FaceState["boxes"][number]): string {
  return text.t("people.box", {
    known: box.known,
    wanted: box.wanted,
    synced: box.synced_s === null ? "no" : "yes",
    when: box.synced_s === null ? "" : text.ago(box.synced_s),
  });
}
