import { faArrowLeft, faEye, faEyeSlash, faObjectUngroup, faPen } from "@fortawesome/free-solid-svg-icons";
import React, { useEffect, useMemo, useRef, useState } from "react";
import { Button } from "react-bootstrap";
import { Link } from "react-router-dom";
import { call } from "../../operations.ts";
import type { FaceState, GroupTrack } from "../../schemas/people.ts";
import { range } from "../../shared/format.ts";
import { Icon } from "../../shared/Icon.tsx";
import { Loading } from "../../shared/Loading.tsx";
import { pathOf } from "../../shared/media.ts";
import { mediumKey } from "../../shared/mediumKey.ts";
import { Problem } from "../../shared/Problem.tsx";
import { Face } from "../../shared/people/Face.tsx";
import { duration } from "../../shared/reason.ts";
import { useOperation } from "../../shared/useOperation.ts";
import { useText } from "../../text/text.ts";
import { NameDialog } from "./NameDialog.tsx";
import { useAct } from "./useAct.ts";
import type { ChangeQuery } from "./useQuery.ts";

interface Props {
  id: string;
  turn: number;
  points: FaceState["points"] | undefined;
  change: ChangeQuery;
  changed(): void;
}

/** One group: where they are seen. */
export function OpenGroup({ id, turn, points, change, changed }: Props) {
  const text = useText();
  const { t } = text;
  const { data, error, reload } = useOperation("people.group", { id });
  const seen = useRef(turn);
  useEffect(() => {
    if (seen.current !== turn) reload();
    seen.current = turn;
  }, [turn, reload]);
  const act = useAct(changed);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [isNaming, setNaming] = useState(false);
  const media = useMemo(() => byMedium(data?.tracks ?? []), [data]);
  const back = () => change({ group: "" });
  const { group, tracks = [] } = data ?? {};
  const chosen = tracks.filter(({ track_id }) => ticked.has(track_id)).map(({ track_id }) => track_id);

  const split = async () => {
    const done = await act.run(async () => {
      const made = await call("people.split", { id, track_ids: chosen });
      const both = [id, made.group.id];
      return { said: t("people.splitted", { count: chosen.length }), undo: () => call("people.merge", { ids: both }) };
    });
    if (done) setTicked(new Set());
  };
  const ignore = (ignored: boolean) =>
    act.run(async () => {
      await call("people.ignore", { ids: [id], ignored });
      return {
        said: t(ignored ? "people.ignored" : "people.unignored", { count: 1 }),
        undo: () => call("people.ignore", { ids: [id], ignored: !ignored }),
      };
    });
  const tick = (track_id: string) =>
    setTicked((before) =>
      before.has(track_id) ? new Set([...before].filter((one) => one !== track_id)) : new Set([...before, track_id]),
    );

  return (
    <section className="sense-people-body" aria-label={t("people.group")}>
      <div className="sense-people-bar">
        <Button variant="secondary" size="sm" onClick={back}>
          <Icon icon={faArrowLeft} /> {t("people.back")}
        </Button>
        {group && (
          <>
            <Button variant="primary" size="sm" onClick={() => setNaming(true)}>
              <Icon icon={faPen} /> {t("people.name")}
            </Button>
            <Button variant="secondary" size="sm" disabled={act.busy} onClick={() => void ignore(!group.ignored)}>
              <Icon icon={group.ignored ? faEye : faEyeSlash} />{" "}
              {t(group.ignored ? "people.unignore" : "people.ignore")}
            </Button>
            <Button
              variant="secondary"
              size="sm"
              title={t("people.split.about")}
              disabled={act.busy || chosen.length === 0 || chosen.length === tracks.length}
              onClick={() => void split()}
            >
              <Icon icon={faObjectUngroup} /> {t("people.split", { count: chosen.length })}
            </Button>
          </>
        )}
      </div>
      {error && <Problem error={error} again={reload} />}
      {!data && !error && <Loading />}
      {group && (
        <h2 className="sense-people-title">
          {t("people.group.facts", {
            media: group.media,
            tracks: group.tracks,
            seconds: duration(text, group.seconds),
          })}
        </h2>
      )}
      {media.map(([key, own]) => (
        <article key={key} className="sense-group-medium">
          <h3>
            <Link to={pathOf(own[0].kind, own[0].media_id)}>
              {own[0].name || t(`inbox.kind.${own[0].kind}`, { id: own[0].media_id })}
            </Link>
          </h3>
          <ul className="sense-group-tracks">
            {own.map((track) => (
              <li key={track.track_id} className={ticked.has(track.track_id) ? "ticked" : ""}>
                <label>
                  <input
                    type="checkbox"
                    checked={ticked.has(track.track_id)}
                    aria-label={t("people.track.tick", { name: track.name, times: times(track) })}
                    onChange={() => tick(track.track_id)}
                  />
                  <Face id={track.track_id} size_px={72} />
                </label>
                <span>
                  {track.spans.slice(0, 3).map(([start_s, end_s]) => (
                    <Link key={start_s} to={pathOf(track.kind, track.media_id, start_s)}>
                      {track.kind === "scene" ? range(start_s, end_s) : t("people.open")}
                    </Link>
                  ))}
                  {track.spans.length > 3 && (
                    <span className="text-muted">{t("people.moments_more", { count: track.spans.length - 3 })}</span>
                  )}
                </span>
              </li>
            ))}
          </ul>
        </article>
      ))}
      {isNaming && group && (
        <NameDialog group={group} points={points} changed={changed} onClose={() => setNaming(false)} onNamed={back} />
      )}
    </section>
  );
}

type Tracks = [GroupTrack, ...GroupTrack[]];

function byMedium(tracks: readonly GroupTrack[]): [string, Tracks][] {
  const found = new Map<string, Tracks>();
  for (const track of tracks) {
    const key = mediumKey(track.kind, track.media_id);
    const own = found.get(key);
    if (own) own.push(track);
    else found.set(key, [track]);
  }
  return [...found];
}

function times({ spans }: GroupTrack): string {
  return spans.map(([start_s, end_s]) => range(start_s, end_s)).join(", ");
}
