import React, { useEffect, useState } from "react";
import { Form } from "react-bootstrap";
import { pluginApi, type StashProps, stashComponent } from "../../host/pluginApi.ts";
import { type NamedTag, tagsNamed } from "../../host/tags.ts";
import { call } from "../../operations.ts";
import { Loading } from "../../shared/Loading.tsx";
import { Problem, sentence } from "../../shared/Problem.tsx";
import { useAction, useOperation } from "../../shared/useOperation.ts";
import { useText } from "../../text/text.ts";
import { FieldRow } from "./FieldRow.tsx";
import { isSame, PRIVACY, type Value } from "./fields.ts";
import { SaveBar } from "./SaveBar.tsx";
import { Section, Setting } from "./Section.tsx";

const [, DAYS] = PRIVACY;
const TAGS_ID = "sense-setting-watch_excluded_tags";

/** What is not remembered at all, and for how long the rest is. */
export function Unremembered({ changed }: { changed(): void }) {
  const text = useText();
  const { t } = text;
  const toast = pluginApi().hooks.useToast();
  const { data, error, reload } = useOperation("settings.get", {});
  const [saved, setSaved] = useState<{ days: number; tags: readonly string[] }>();
  const [days, setDays] = useState<Value>();
  const [tags, setTags] = useState<readonly string[]>();
  const [problem, setProblem] = useState("");
  const save = useAction(
    async (values: Record<string, unknown>) => {
      const { store, note } = await call("settings.set", { values });
      setSaved({ days: store.watch_retention_days, tags: store.watch_excluded_tags });
      discard();
      changed();
      toast.success(note ? t("settings.saved.note", { note }) : t("settings.saved"));
    },
    (failure) => setProblem(sentence(text, failure)),
  );
  const discard = () => {
    setDays(undefined);
    setTags(undefined);
    setProblem("");
  };
  if (!data) return error ? <Problem error={error} again={reload} /> : <Loading />;
  const { store } = data;
  const known = saved ?? { days: store.watch_retention_days, tags: store.watch_excluded_tags };
  const changes = {
    ...(days !== undefined && !isSame(days, known.days) && { watch_retention_days: days }),
    ...(tags !== undefined && !isSame(tags, known.tags) && { watch_excluded_tags: tags }),
  };
  return (
    <Section heading={t("privacy.limits")}>
      <Setting
        heading={t("settings.field.watch_excluded_tags")}
        htmlFor={TAGS_ID}
        about={t("settings.field.watch_excluded_tags.about")}
        className={"watch_excluded_tags" in changes ? "sense-setting-changed" : ""}
      >
        <Tags names={tags ?? known.tags} onChange={setTags} />
      </Setting>
      <FieldRow
        field={DAYS}
        value={days ?? known.days}
        isChanged={"watch_retention_days" in changes}
        problem={problem || undefined}
        onChange={setDays}
      />
      <SaveBar
        count={Object.keys(changes).length}
        busy={save.busy}
        onSave={() => void save.run(changes)}
        onDiscard={discard}
      />
    </Section>
  );
}

/** Stash's own control for tags; a field for their names where this Stash shares none. */
function Tags({ names, onChange }: { names: readonly string[]; onChange(names: readonly string[]): void }) {
  const { hooks, loadableComponents } = pluginApi();
  const loader = loadableComponents?.SceneMarkersPanel ?? loadableComponents?.TagSelect;
  // Which of them this Stash has does not change while the page is open.
  const isLoading = hooks.useLoadComponents?.(loader ? [loader] : []) ?? false;
  const [known, setKnown] = useState<readonly NamedTag[]>([]);
  const missing = names.filter((name) => !known.some((tag) => tag.name === name));
  const asked = missing.join("\n");
  useEffect(() => {
    if (!asked) return;
    let isWanted = true;
    const wanted = asked.split("\n");
    void tagsNamed(wanted).then((tags) => {
      // Under the names that they were asked for: a tag may be written by an alias of its.
      const found = tags.map((tag, at) => ({ ...tag, name: wanted[at] ?? tag.name }));
      if (isWanted) setKnown((before) => [...before, ...found]);
    });
    return () => {
      isWanted = false;
    };
  }, [asked]);
  const Select = stashComponent("TagSelect");
  if (!Select && isLoading) return <Loading />;
  if (!Select) {
    return (
      <Form.Control
        id={TAGS_ID}
        className="text-input sense-wide"
        value={names.join(", ")}
        onChange={({ target }) => onChange(target.value.split(/,\s*/))}
      />
    );
  }
  return (
    <div className="sense-privacy-tags">
      <Select
        inputId={TAGS_ID}
        creatable={false}
        values={names.flatMap((name) => known.find((tag) => tag.name === name) ?? [])}
        onSelect={(chosen: StashProps[]) => {
          const tags = chosen.map(({ id, name }) => ({ id: String(id), name: String(name) }));
          setKnown((before) => [...before, ...tags]);
          onChange(tags.map((tag) => tag.name));
        }}
        menuPortalTarget={document.body}
      />
    </div>
  );
}
