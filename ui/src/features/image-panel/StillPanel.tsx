import React, { useState } from "react";
import { Button } from "react-bootstrap";
import { pluginApi } from "../../host/pluginApi.ts";
import { refresh } from "../../host/refresh.ts";
import { call, type OperationError } from "../../operations.ts";
import type { Suggestion } from "../../schemas/suggestions.ts";
import { Problem, sentence } from "../../shared/Problem.tsx";
import { FacePicturesContext, useMadeFacePictures } from "../../shared/people/pictures.ts";
import { nameOfPerson, peopleOf } from "../../shared/people/seen.ts";
import { Unnamed } from "../../shared/people/Unnamed.tsx";
import { mediaStates } from "../../shared/useMediaState.ts";
import { useAction, useOperation } from "../../shared/useOperation.ts";
import { useRefreshed } from "../../shared/useRefreshed.ts";
import { useUndoToast } from "../../shared/useUndoToast.tsx";
import { useText } from "../../text/text.ts";
import { decide, undecide } from "./decide.ts";
import { SuggestedPerson } from "./SuggestedPerson.tsx";
import { SuggestedTag } from "./SuggestedTag.tsx";
import { isUnderWay, stateSentence } from "./words.ts";

interface Props {
  kind: "image" | "gallery";
  id: number;
}

/** What Stash Sense knows of an image or a gallery, and the tags and performers that it suggests. */
export function StillPanel({ kind, id }: Props) {
  const text = useText();
  const toast = pluginApi().hooks.useToast();
  const undoToast = useUndoToast();
  // The job that was the newest when its owner asked for another: until there is one, the queue has not looked yet.
  const [askedAfter, setAskedAfter] = useState<number | null>();
  // Decided, and perhaps not read anew yet.
  const [decided, setDecided] = useState<readonly number[]>([]);
  const [underWay, setUnderWay] = useState(false);
  const asked = useOperation("scene.analysis", { kind, id }, { every_s: underWay ? 4 : 0 });
  const { data, error } = asked;
  // A gallery's people are those of its images.
  const seen = useOperation("people.medium", { kind, id }, { enabled: kind === "image" && !!data?.analysis });
  const pictures = useMadeFacePictures();
  const reload = () => {
    asked.reload();
    seen.reload();
  };
  useRefreshed({ kind, id }, reload);
  const fail = (failure: OperationError) => toast.error(sentence(text, failure));
  const refuse = (why: readonly string[]) => toast.error(text.t("still.refused", { why: why.join("; ") }));

  const isAsked = data !== undefined && askedAfter !== undefined && (data.job?.id ?? null) === askedAfter;
  const isOn = data !== undefined && (isUnderWay(data) || isAsked);
  if (data && isOn !== underWay) setUnderWay(isOn);

  const analyse = useAction(async () => {
    await call("queue.add", { ids: { [kind]: [id] } });
    mediaStates.expect([{ kind, id }]);
    setAskedAfter(data?.job?.id ?? null);
    reload();
  }, fail);

  const undo = useAction(async (one: Suggestion) => {
    const refused = await undecide(one.id);
    setDecided((before) => before.filter((id) => id !== one.id));
    refresh([{ kind, id }]);
    reload();
    if (refused.length > 0) refuse(refused);
  }, fail);

  const decision = useAction(async (one: Suggestion, accept: boolean) => {
    const refused = await decide(one.id, accept);
    if (refused.length === 0) setDecided((before) => [...before, one.id]);
    refresh([{ kind, id }]);
    reload();
    if (refused.length > 0) return refuse(refused);
    const said = text.t(`still.${accept ? "accepted" : "rejected"}.${one.type}`, { label: one.label });
    undoToast(said, () => void undo.run(one));
  }, fail);

  if (error && !data) return <Problem error={error} again={reload} />;
  if (!data) return null;
  const waiting = data.suggestions.filter((one) => one.state === "pending" && !decided.includes(one.id));
  const tags = waiting.filter(({ type }) => type === "tag");
  const performers = waiting.filter(({ type }) => type === "performer");
  const unknown = peopleOf(seen.data?.tracks ?? []).filter(({ who }) => !who);
  return (
    <FacePicturesContext.Provider value={pictures}>
      <section className={`sense-still sense-still-${kind}`} aria-label={text.t("still.title")}>
        <h6>{text.t("still.title")}</h6>
        <p className="sense-still-state">
          <span role="status">{isAsked ? text.t("still.asked") : stateSentence(text, data)}</span>
          {data.analysis && !underWay && waiting.length === 0 && data.suggestions.length === 0 && (
            <span className="text-muted">{text.t("still.nothing")}</span>
          )}
          {!underWay && (
            <Button variant="secondary" size="sm" disabled={analyse.busy} onClick={() => void analyse.run()}>
              {text.t(data.analysis || data.failure ? "still.again" : "still.analyse")}
            </Button>
          )}
        </p>
        {performers.length > 0 && (
          <ul className="sense-still-people" aria-label={text.t("still.performers")}>
            {performers.map((one) => (
              <SuggestedPerson
                key={one.id}
                suggestion={one}
                busy={decision.busy}
                decide={(yes) => void decision.run(one, yes)}
              />
            ))}
          </ul>
        )}
        <Unnamed
          medium={{ kind, id }}
          tracks={unknown.map(({ best }) => best)}
          names={new Map(unknown.map((one) => [one.best.id, nameOfPerson(text, one)]))}
          go={undefined}
          changed={reload}
        />
        {tags.length > 0 && (
          <ul className="sense-still-tags" aria-label={text.t("still.suggestions")}>
            {tags.map((one) => (
              <SuggestedTag
                key={one.id}
                suggestion={one}
                busy={decision.busy}
                decide={(yes) => void decision.run(one, yes)}
              />
            ))}
          </ul>
        )}
      </section>
    </FacePicturesContext.Provider>
  );
}
