import React, { useState } from "react";
import { Link } from "react-router-dom";
import { pluginApi } from "../../host/pluginApi.ts";
import { call } from "../../operations.ts";
import { Loading } from "../../shared/Loading.tsx";
import { Problem, sentence } from "../../shared/Problem.tsx";
import { useAction, useOperation } from "../../shared/useOperation.ts";
import { type TextKey, useText } from "../../text/text.ts";
import { Browser } from "./Browser.tsx";
import { FieldRow } from "./FieldRow.tsx";
import {
  DEFAULTS,
  type Field,
  type FieldId,
  flat,
  isSame,
  KEPT,
  namedIn,
  nested,
  PEOPLE,
  RECOMMENDING,
  SCHEDULE,
  STASH,
  STORE,
  TAGS,
  type Value,
  type Values,
  WATCHING,
} from "./fields.ts";
import { SaveBar } from "./SaveBar.tsx";
import { Section } from "./Section.tsx";
import { addressOf } from "./tabs.ts";
import { tell } from "./tell.ts";
import { useNextRuns } from "./useNextRuns.ts";
import { useStashSettings } from "./useStashSettings.ts";

type OwnField = Field & { id: FieldId };

/** Everything that is one value: of the store, of Stash, and of this browser. */
export function General() {
  const text = useText();
  const { t } = text;
  const toast = pluginApi().hooks.useToast();
  const stored = useOperation("settings.get", {});
  const inStash = useStashSettings();
  const [saved, setSaved] = useState<Values>({});
  const [drafts, setDrafts] = useState<Values>({});
  const [problem, setProblem] = useState<{ id?: string; sentence: string }>();
  const runs = useNextRuns();

  const known: Values | undefined = stored.data &&
    inStash.values && { ...flat(stored.data.store), ...inStash.values, ...saved };
  const changes: Values = Object.fromEntries(
    Object.entries(drafts).filter(([id, value]) => known && !isSame(value, known[id])),
  );
  const count = Object.keys(changes).length;

  const save = useAction(
    async () => {
      setProblem(undefined);
      const bad = STASH.find(
        ({ id, ...rest }) => "pattern" in rest && id in changes && !rest.pattern.test(String(changes[id])),
      );
      if (bad) {
        setProblem({ id: bad.id, sentence: t(`settings.field.${bad.id}.wrong` as TextKey) });
        show(bad.id);
        return;
      }
      const pick = (fields: readonly OwnField[]) =>
        Object.fromEntries(Object.entries(changes).filter(([id]) => fields.some((field) => field.id === id)));
      const [ofStore, ofStash] = [pick(STORE), pick(STASH)];
      let note = "";
      if (Object.keys(ofStore).length > 0) {
        const answer = await call("settings.set", { values: nested(ofStore) });
        note = answer.note;
        setSaved((before) => ({ ...before, ...flat(answer.store) }));
        forget(setDrafts, ofStore);
      }
      if (Object.keys(ofStash).length > 0) {
        const trimmed = Object.fromEntries(
          Object.entries(ofStash).map(([id, value]) => [id, typeof value === "string" ? value.trim() : value]),
        );
        await tell(trimmed);
        setSaved((before) => ({ ...before, ...trimmed }));
        forget(setDrafts, ofStash);
      }
      if ([...SCHEDULE, { id: "stash_url" }].some(({ id }) => id in ofStore)) runs.reload();
      toast.success(note ? t("settings.saved.note", { note }) : t("settings.saved"));
    },
    (error) => {
      const named = error.kind === "refused" ? namedIn(error.message, Object.keys(changes)) : undefined;
      setProblem(
        named
          ? { id: named, sentence: inWords(error.message, named, t(`settings.field.${named as FieldId}`)) }
          : { sentence: sentence(text, error) },
      );
      if (named) show(named);
    },
  );

  const failed = stored.error ?? inStash.error;
  if (!known) {
    return failed ? (
      <Problem
        error={failed}
        again={() => {
          stored.reload();
          inStash.reload();
        }}
      />
    ) : (
      <Loading />
    );
  }

  const row = (field: OwnField, note?: string) => (
    <FieldRow
      key={field.id}
      field={field}
      value={field.id in changes ? (changes[field.id] as Value) : (known[field.id] ?? field.initial)}
      isChanged={field.id in changes}
      problem={problem?.id === field.id ? problem.sentence : undefined}
      note={note}
      onChange={(value) => {
        setDrafts((before) => ({ ...before, [field.id]: value }));
        if (problem?.id === field.id) setProblem(undefined);
      }}
    />
  );
  return (
    <>
      <Section heading={t("settings.group.by_itself")}>
        {STASH.slice(0, 3).map((field) => row(field))}
        {SCHEDULE.map((field) => row(field, runs.of(field.id)))}
      </Section>
      <Section heading={t("settings.group.watching")}>{WATCHING.map((field) => row(field))}</Section>
      <Section heading={t("settings.group.people")}>{PEOPLE.map((field) => row(field))}</Section>
      <Section heading={t("settings.group.recommending")}>{RECOMMENDING.map((field) => row(field))}</Section>
      <Section
        heading={t("settings.group.defaults")}
        about={
          <>
            {t("settings.group.defaults.about")} <Link to={addressOf("policy")}>{t("settings.tab.policy")}</Link>
          </>
        }
      >
        {DEFAULTS.map((field) => row(field))}
      </Section>
      <Section heading={t("settings.group.tags")}>{TAGS.map((field) => row(field))}</Section>
      <Section heading={t("settings.group.sidecar")}>
        {STASH.slice(3).map((field) => row(field))}
        {KEPT.slice(1).map((field) => row(field))}
      </Section>
      <Section heading={t("settings.group.kept")}>{KEPT.slice(0, 1).map((field) => row(field))}</Section>
      <Browser />
      {problem && !problem.id && (
        <div className="alert alert-warning" role="alert">
          {problem.sentence}
        </div>
      )}
      <SaveBar
        count={count}
        busy={save.busy}
        onSave={() => void save.run()}
        onDiscard={() => {
          setDrafts({});
          setProblem(undefined);
        }}
      />
    </>
  );
}

/** Bring a setting before the eyes. */
function show(id: string): void {
  const control = document.getElementById(`sense-setting-${id.replace(".", "-")}`);
  control?.focus({ preventScroll: true });
  control?.scrollIntoView({ block: "center" });
}

/** What was saved is no draft any more; what was typed meanwhile stays one. */
function forget(setDrafts: (change: (before: Values) => Values) => void, done: Values): void {
  setDrafts((before) => Object.fromEntries(Object.entries(before).filter(([id, value]) => !isSame(done[id], value))));
}

/** A sentence of the plugin, with the setting called as the page calls it. */
function inWords(message: string, id: string, label: string): string {
  return message.startsWith(id) ? label + message.slice(id.length) : message;
}
