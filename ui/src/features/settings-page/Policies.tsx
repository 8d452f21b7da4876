import { faFileExport, faFileImport, faPlus } from "@fortawesome/free-solid-svg-icons";
import React, { useEffect, useMemo, useState } from "react";
import { Alert, Button } from "react-bootstrap";
import { Link, useLocation } from "react-router-dom";
import { pluginApi } from "../../host/pluginApi.ts";
import { call } from "../../operations.ts";
import type { PolicyRow } from "../../schemas/policy.ts";
import { Icon } from "../../shared/Icon.tsx";
import { Loading } from "../../shared/Loading.tsx";
import { Problem, sentence } from "../../shared/Problem.tsx";
import { PAGES } from "../../shared/pages.ts";
import { Said } from "../../shared/Said.tsx";
import { useAction, useOperation } from "../../shared/useOperation.ts";
import { useText } from "../../text/text.ts";
import { CsvDialog } from "./CsvDialog.tsx";
import { download } from "./download.ts";
import { PolicyCards } from "./PolicyCards.tsx";
import { PolicyDialog } from "./PolicyDialog.tsx";
import { PolicyTable } from "./PolicyTable.tsx";
import { PolicyTools } from "./PolicyTools.tsx";
import { PreviewDialog } from "./PreviewDialog.tsx";
import {
  changedRow,
  drafted,
  FIRST_VIEW,
  inUnit,
  isSameRow,
  type Line,
  linesOf,
  shownLines,
  type View,
} from "./policies.ts";
import { SaveBar } from "./SaveBar.tsx";
import { useNarrow } from "./useNarrow.ts";
import { usePolicies } from "./usePolicies.ts";
import { useVocabulary } from "./useVocabulary.ts";
import { VocabularyNote } from "./VocabularyNote.tsx";

const NARROW_PX = 768;

/** What is done with each label. */
export function Policies() {
  const text = useText();
  const { t } = text;
  const toast = pluginApi().hooks.useToast();
  const named = new URLSearchParams(useLocation().search).get("label") ?? "";
  const policies = usePolicies();
  const models = useOperation("models.list", {});
  const model = models.data?.models.find(({ chosen }) => chosen);
  const scoring = model?.scoring ?? "";
  const [view, setView] = useState<View>({ ...FIRST_VIEW, words: named });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [edited, setEdited] = useState<"new" | "chosen" | Line>();
  const [dialog, setDialog] = useState<"preview" | "csv">();
  const [hasSaved, setHasSaved] = useState(false);
  const isNarrow = useNarrow(NARROW_PX);

  const { listed, drafts, setDrafts } = policies;
  useEffect(() => {
    if (listed) setDrafts((before) => inUnit(before, listed.rows, scoring));
  }, [listed, scoring, setDrafts]);
  const vocabulary = useVocabulary(model?.state === "ready");
  const lines = useMemo(
    () => (listed ? linesOf(listed, drafts, vocabulary.tags) : []),
    [listed, drafts, vocabulary.tags],
  );
  const shown = useMemo(() => (listed ? shownLines(lines, view, listed.defaults.mode) : []), [lines, view, listed]);
  const fail = (error: Parameters<typeof sentence>[1]) => toast.error(sentence(text, error));
  const save = useAction(async () => {
    await policies.save();
    setHasSaved(true);
  }, fail);
  const exporting = useAction(async () => {
    const { csv } = await call("policy.export", {});
    download("tag-policy.csv", csv, "text/csv;charset=utf-8");
  }, fail);
  const judge = useAction(async () => {
    await call("queue.add", { which: "stored" });
    setHasSaved(false);
    toast.success(
      <Said>
        <span>
          {t("settings.policy.judging")} <Link to={PAGES.tasks.path}>{t("page.tasks")}</Link>
        </span>
      </Said>,
    );
  }, fail);

  if (!listed) return policies.error ? <Problem error={policies.error} again={policies.reload} /> : <Loading />;

  const change = (line: Line, values: Partial<PolicyRow>) =>
    setDrafts((before) => {
      const row = changedRow(before.get(line.key) ?? line.stored, values, scoring);
      return drafted(before, line.stored, row);
    });
  const changeChosen = (values: Partial<PolicyRow>) =>
    setDrafts((before) => {
      const next = new Map(before);
      for (const { key, stored } of lines) {
        if (!chosen.has(key)) continue;
        const row = changedRow(before.get(key) ?? stored, values, scoring);
        if (isSameRow(stored, row)) next.delete(key);
        else next.set(key, row);
      }
      return next;
    });
  const table = {
    lines: shown,
    defaults: listed.defaults,
    scoring,
    chosen,
    onChoose: setChosen,
    onChange: change,
    onEdit: setEdited,
  };
  return (
    <section className="setting-section sense-settings-section sense-policies">
      <div className="sense-policies-head">
        <h1>{t("settings.tab.policy")}</h1>
        <div>
          <Button variant="secondary" size="sm" onClick={() => setEdited("new")}>
            <Icon icon={faPlus} />
            <span>{t("settings.policy.add")}</span>
          </Button>
          <Button variant="secondary" size="sm" disabled={exporting.busy} onClick={() => void exporting.run()}>
            <Icon icon={faFileExport} />
            <span>{t("settings.policy.export")}</span>
          </Button>
          <Button variant="secondary" size="sm" onClick={() => setDialog("csv")}>
            <Icon icon={faFileImport} />
            <span>{t("settings.policy.import")}</span>
          </Button>
        </div>
      </div>
      {policies.error && <Problem error={policies.error} again={policies.reload} />}
      {hasSaved && (
        <Alert variant="info" className="sense-problem" dismissible onClose={() => setHasSaved(false)}>
          <span>{t("settings.policy.saved")}</span>
          <Button variant="primary" size="sm" disabled={judge.busy} onClick={() => void judge.run()}>
            {t("settings.policy.judge")}
          </Button>
        </Alert>
      )}
      <PolicyTools
        view={view}
        onView={(some) => setView({ ...view, ...some })}
        lines={lines}
        shown={shown}
        chosen={chosen}
        onChoose={setChosen}
        onChange={changeChosen}
        onEdit={() => setEdited("chosen")}
      />
      <VocabularyNote vocabulary={vocabulary} />
      {lines.length === 0 ? (
        <p className="text-muted sense-policies-none">{t("settings.policy.none")}</p>
      ) : shown.length === 0 ? (
        <p className="text-muted sense-policies-none">
          {t("settings.policy.nothing")}{" "}
          <Button variant="link" size="sm" onClick={() => setView({ ...FIRST_VIEW, sort: view.sort })}>
            {t("settings.policy.clear")}
          </Button>
        </p>
      ) : isNarrow ? (
        <PolicyCards {...table} />
      ) : (
        <PolicyTable {...table} view={view} onView={(some) => setView({ ...view, ...some })} />
      )}
      <SaveBar
        count={drafts.size}
        busy={save.busy}
        onSave={() => void save.run()}
        onDiscard={() => setDrafts(() => new Map())}
      >
        <Button variant="secondary" disabled={save.busy} onClick={() => setDialog("preview")}>
          {t("settings.policy.preview")}
        </Button>
      </SaveBar>
      {edited && (
        <PolicyDialog
          of={edited}
          count={chosen.size}
          defaults={listed.defaults}
          scoring={scoring}
          isKnown={(label) => lines.some(({ key }) => key === label.trim().toLowerCase())}
          onClose={() => setEdited(undefined)}
          onDone={(label, values) => {
            setEdited(undefined);
            if (edited === "chosen") changeChosen(values);
            else if (edited !== "new") change(edited, values);
            else {
              setDrafts((before) => drafted(before, { label }, changedRow({ label }, values, scoring)));
              setView({ ...FIRST_VIEW, words: label });
            }
          }}
        />
      )}
      {dialog === "preview" && <PreviewDialog rows={[...drafts.values()]} onClose={() => setDialog(undefined)} />}
      {dialog === "csv" && (
        <CsvDialog
          onClose={() => setDialog(undefined)}
          onDone={() => {
            setDialog(undefined);
            setHasSaved(true);
            policies.reload();
          }}
        />
      )}
    </section>
  );
}
