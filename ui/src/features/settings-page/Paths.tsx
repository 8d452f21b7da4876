import React, { useEffect, useState } from "react";
import { Button, Form } from "react-bootstrap";
import { pluginApi } from "../../host/pluginApi.ts";
import { stashSettings } from "../../host/pluginTask.ts";
import { call, OperationError, type Output } from "../../operations.ts";
import { Loading } from "../../shared/Loading.tsx";
import { Problem } from "../../shared/Problem.tsx";
import { useAction } from "../../shared/useOperation.ts";
import { useText } from "../../text/text.ts";
import { Probed } from "./Probed.tsx";
import { RuleRows } from "./RuleRows.tsx";
import { formatRules, parseRules, type Rule, wrongWith } from "./rules.ts";
import { SaveBar } from "./SaveBar.tsx";
import { Section } from "./Section.tsx";
import { tell } from "./tell.ts";

const SAMPLES = 20;

/** Where the sidecar sees Stash's files. */
export function Paths() {
  const { t } = useText();
  const toast = pluginApi().hooks.useToast();
  const [saved, setSaved] = useState<string>();
  const [rules, setRules] = useState<readonly Rule[]>([]);
  const [isText, setIsText] = useState(false);
  const [typed, setTyped] = useState("");
  const [error, setError] = useState<OperationError>();
  const [probed, setProbed] = useState<Output<"paths.probe"> & { text: string }>();
  const [turn, setTurn] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` stands for another try.
  useEffect(() => {
    let isWanted = true;
    stashSettings().then(
      ({ pathMappings }) => {
        if (!isWanted) return;
        const text = typeof pathMappings === "string" ? pathMappings : "";
        setSaved(text);
        setRules(parseRules(text));
        setTyped(text);
      },
      (failure: Error) => isWanted && setError(new OperationError("unreachable", "configuration", failure.message)),
    );
    return () => {
      isWanted = false;
    };
  }, [turn]);

  const text = isText ? typed.trim() : formatRules(rules);
  const isChanged = saved !== undefined && formatRules(parseRules(text)) !== formatRules(parseRules(saved));
  const isWrong = (isText ? parseRules(typed) : rules).some((rule) => wrongWith(rule));
  const take = (next: readonly Rule[]) => {
    setRules(next);
    setTyped(formatRules(next));
  };
  const test = useAction(async () => {
    setError(undefined);
    setProbed({ ...(await call("paths.probe", { rules: text, samples: SAMPLES })), text });
  }, setError);
  const save = useAction(
    async () => {
      await tell({ pathMappings: text });
      setSaved(text);
      toast.success(t("settings.saved"));
    },
    ({ message }) => toast.error(message),
  );

  if (saved === undefined) {
    return error ? (
      <Problem
        error={error}
        again={() => {
          setError(undefined);
          setTurn(turn + 1);
        }}
      />
    ) : (
      <Loading />
    );
  }
  return (
    <>
      <Section heading={t("settings.tab.paths")} about={t("settings.paths.about")}>
        <div className="sense-settings-bar">
          <span className="sense-settings-bar-words text-muted">
            {text ? t("settings.paths.longest") : t("settings.paths.same")}
          </span>
          <Form.Check
            type="switch"
            id="sense-paths-text"
            label={t("settings.paths.as_text")}
            checked={isText}
            onChange={() => {
              if (isText) setRules(parseRules(typed));
              else setTyped(formatRules(rules));
              setIsText(!isText);
            }}
          />
        </div>
        <div className="sense-settings-inset">
          {isText ? (
            <Form.Control
              as="textarea"
              rows={4}
              className="text-input sense-paths-typed"
              value={typed}
              spellCheck={false}
              aria-label={t("settings.paths.typed")}
              placeholder={t("settings.paths.example")}
              onChange={(event) => setTyped(event.target.value)}
            />
          ) : (
            <RuleRows rules={rules} onChange={take} />
          )}
          <div className="sense-paths-actions">
            <Button variant={isChanged ? "secondary" : "primary"} disabled={test.busy} onClick={() => void test.run()}>
              {t(
                test.busy
                  ? "settings.paths.testing"
                  : isChanged
                    ? "settings.paths.test.unsaved"
                    : "settings.paths.test",
              )}
            </Button>
            {probed && probed.text !== text && <span className="text-muted">{t("settings.paths.stale")}</span>}
          </div>
        </div>
      </Section>
      {error && <Problem error={error} again={() => void test.run()} />}
      {probed && (
        <Probed
          probed={probed}
          onUse={(rule) => take([...(isText ? parseRules(typed) : rules), ...parseRules(rule)])}
          isUsed={(rule) => parseRules(text).some((one) => formatRules([one]) === formatRules(parseRules(rule)))}
        />
      )}
      <SaveBar
        count={isChanged ? 1 : 0}
        busy={save.busy}
        canSave={!isWrong}
        onSave={() => void save.run()}
        onDiscard={() => take(parseRules(saved))}
      />
    </>
  );
}
