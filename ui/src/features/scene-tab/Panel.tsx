/** All that is known of one scene. Stash gives each scene a panel of its own. */
import React, { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { pluginApi } from "../../host/pluginApi.ts";
import { refresh } from "../../host/refresh.ts";
import { useStashJobs } from "../../host/stashJobs.ts";
import { isOurs, type StashJob } from "../../host/stashQueue.ts";
import { usePlayer } from "../../host/usePlayer.ts";
import { call } from "../../operations.ts";
import { Loading } from "../../shared/Loading.tsx";
import { Problem, sentence } from "../../shared/Problem.tsx";
import { FacePicturesContext, useMadeFacePictures } from "../../shared/people/pictures.ts";
import { nameOfPerson, peopleOf } from "../../shared/people/seen.ts";
import { Unnamed } from "../../shared/people/Unnamed.tsx";
import { useAction, useOperation } from "../../shared/useOperation.ts";
import { useRefreshed } from "../../shared/useRefreshed.ts";
import { useText } from "../../text/text.ts";
import { Analyse } from "./Analyse.tsx";
import { lanesOf } from "./lanes.ts";
import { Progress } from "./Progress.tsx";
import { laneOf } from "./people.ts";
import { Suggestions } from "./Suggestions.tsx";
import { showStrip } from "./strip.ts";
import { Timeline } from "./Timeline.tsx";
import { useDecisions } from "./useDecisions.ts";
import { useWork } from "./useWork.ts";
import { Failure, NothingFound, Summary, Unanswered } from "./Verdict.tsx";
import { type Look, rowOf } from "./work.ts";

interface Props {
  scene_id: number;
  duration_s: number;
  vtt: string | null | undefined;
  /** Stash's way to a moment, which begins to play where nothing played yet. */
  setTimestamp: ((at_s: number) => void) | undefined;
}

const NO_SUGGESTIONS = [] as const;
const NOTHING_SEEN = { spans: [], model: "" };

export function Panel({ scene_id, duration_s: told_s, vtt, setTimestamp }: Props) {
  const text = useText();
  const { t } = text;
  const toast = pluginApi().hooks.useToast();
  const player = usePlayer();
  const asked = useOperation("scene.analysis", { id: scene_id });
  const { data, error } = asked;
  const [ended, setEnded] = useState<Look>();
  const [lane, setLane] = useState<string>();
  const pictures = useMadeFacePictures();
  const seen = useOperation("people.medium", { kind: "scene", id: scene_id });
  const { reload: reloadAnalysis } = asked;
  const { reload: reloadPeople } = seen;
  const reload = useCallback(() => {
    reloadAnalysis();
    reloadPeople();
  }, [reloadAnalysis, reloadPeople]);
  useRefreshed({ kind: "scene", id: scene_id }, reload);

  // Work that was begun elsewhere, on this scene among others, may have begun or ended.
  const lookAnew = useRef(reload);
  const onStashJob = useCallback((job: StashJob) => isOurs(job) && lookAnew.current(), []);
  const jobs = useStashJobs(true, onStashJob);
  const runs = jobs?.find((job) => job.status === "RUNNING");
  const work = useWork(scene_id, data, !!runs && !isOurs(runs), (last) => {
    setEnded(last);
    reload();
    refresh([{ kind: "scene", id: scene_id }]);
  });
  const { lookNow } = work;
  lookAnew.current = work.isAwaited ? lookNow : reload;
  const oursRuns = jobs && !!runs && isOurs(runs);
  const ranBefore = useRef(oursRuns);
  useEffect(() => {
    if (oursRuns && ranBefore.current === false) lookAnew.current();
    ranBefore.current = oursRuns;
  }, [oursRuns]);

  const fail = (problem: Parameters<typeof sentence>[1]) => toast.error(sentence(text, problem));
  const analyse = useAction(async (fresh: boolean) => {
    setEnded(undefined);
    const { id } = await call("queue.add", { ids: { scene: [scene_id] }, fresh });
    work.begin(id);
  }, fail);
  const cancel = useAction(async () => {
    const job = rowOf(work.look);
    if (job) await call("queue.cancel", { id: job.id });
    lookNow();
  }, fail);
  const resume = useAction(async () => {
    await call("queue.resume", {});
    lookNow();
  }, fail);

  const decisions = useDecisions(scene_id, data?.suggestions ?? NO_SUGGESTIONS, reload);
  const analysis = data?.analysis ?? undefined;
  const standing = decisions.suggestions.map((one) => `${one.id}${one.state}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `standing` stands for the suggestions.
  const tags = useMemo(() => (analysis ? lanesOf(analysis, decisions.suggestions) : []), [analysis, standing]);
  const people = useMemo(() => peopleOf(seen.data?.tracks ?? []), [seen.data]);
  const lanes = useMemo(
    () => [...people.map((one) => laneOf(one, nameOfPerson(text, one))), ...tags],
    [people, tags, text],
  );
  const unknown = people.filter(({ who }) => !who);
  const duration_s = analysis?.duration_s || told_s;

  const seek = useCallback(
    (at_s: number) => {
      if (setTimestamp) setTimestamp(at_s);
      else if (player && !player.isDisposed()) player.currentTime(at_s);
    },
    [setTimestamp, player],
  );
  const play = useCallback(
    (at_s: number) => {
      seek(at_s);
      // A browser may refuse to play what nobody has clicked on.
      if (player && !player.isDisposed()) player.play()?.catch(() => undefined);
    },
    [seek, player],
  );

  const strip = useRef<() => void>();
  useEffect(() => {
    const spans = lanes.find(({ id }) => id === lane)?.spans;
    if (player && spans) strip.current = showStrip(player, spans, duration_s);
    return () => {
      strip.current?.();
      strip.current = undefined;
    };
  }, [player, lanes, lane, duration_s]);

  if (!data) return error ? <Unanswered error={error} again={reload} /> : <Loading />;
  const isBusy = analyse.busy || work.isAwaited;
  const outcome = ended && outcomeOf(ended);
  return (
    <FacePicturesContext.Provider value={pictures}>
      <div className="sense-panel">
        {(analysis || !isBusy) && (
          <div className="sense-head">
            {analysis ? (
              <Summary analysis={analysis} />
            ) : (
              <span className="text-muted">{!data.failure && t("tab.never")}</span>
            )}
            {!isBusy && <Analyse wasAnalysed={!!analysis} analyse={(fresh) => void analyse.run(fresh)} />}
          </div>
        )}
        {error && <Problem error={error} again={reload} />}
        {isBusy && (
          <Progress
            look={work.look}
            jobs={jobs}
            isBusy={cancel.busy || resume.busy}
            onCancel={() => void cancel.run()}
            onResume={() => void resume.run()}
          />
        )}
        {work.error && <Problem error={work.error} />}
        {!isBusy && outcome && !data.failure && (
          <p className="text-muted" role="status">
            {outcome.state === "cancelled" ? t("tab.cancelled") : t("tab.ended", { reason: outcome.reason })}
          </p>
        )}
        {!isBusy && data.failure && (
          <Failure
            message={data.failure.message}
            when_s={data.failure.failed_s}
            again={() => void analyse.run(false)}
          />
        )}
        {seen.error && <Problem error={seen.error} again={reload} />}
        {lanes.length > 0 && (
          <>
            <h5>{t("tab.timeline")}</h5>
            <Timeline
              analysis={analysis ?? NOTHING_SEEN}
              lanes={lanes}
              duration_s={duration_s}
              player={player}
              vtt={vtt}
              seek={seek}
              onLane={setLane}
            />
            <Unnamed
              medium={{ kind: "scene", id: scene_id }}
              tracks={unknown.map(({ best }) => best)}
              names={new Map(unknown.map((one) => [one.best.id, nameOfPerson(text, one)]))}
              go={play}
              changed={reload}
            />
          </>
        )}
        {analysis && lanes.length === 0 && <NothingFound analysis={analysis} />}
        {(lanes.length > 0 || decisions.suggestions.length > 0) && (
          <Suggestions
            decisions={decisions}
            lanes={lanes}
            people={people}
            model={analysis?.model ?? ""}
            duration_s={duration_s}
            player={player}
            vtt={vtt}
            play={play}
            onLane={setLane}
            reload={reload}
          />
        )}
      </div>
    </FacePicturesContext.Provider>
  );
}

/** What there is to say of an end that is no success: it was cancelled, or nothing was done. */
function outcomeOf({ medium, batch }: Look): { state: string; reason: string } | undefined {
  const job = batch ?? medium.job;
  if (!job) return undefined;
  return job.state === "cancelled" || job.state === "failed" ? { state: job.state, reason: job.reason } : undefined;
}
