import React, { useState } from "react";
import { Dropdown } from "react-bootstrap";
import { Link } from "react-router-dom";
import { pluginApi } from "../../host/pluginApi.ts";
import { call } from "../../operations.ts";
import { MODES, type PolicyRow } from "../../schemas/policy.ts";
import { sentence } from "../../shared/Problem.tsx";
import { PAGES } from "../../shared/pages.ts";
import { Said } from "../../shared/Said.tsx";
import { type Asked, useAction } from "../../shared/useOperation.ts";
import { useText } from "../../text/text.ts";
import { PolicyDialog } from "./PolicyDialog.tsx";

export type Mode = (typeof MODES)[number];

interface Props {
  label: string;
  policies: Asked<"policy.list">;
}

/** What is done with a label from now on: ask, always accept, never look. */
export function PolicyMenu({ label, policies }: Props) {
  const text = useText();
  const { t } = text;
  const toast = pluginApi().hooks.useToast();
  const [chosen, setChosen] = useState<Mode>();
  const row = ownRow(policies.data?.rows ?? [], label);
  const mode: Mode | undefined = policies.data && (row.mode ?? policies.data.defaults.mode);
  const save = useAction(
    async (to: Mode, andJudge: boolean) => {
      // Its other values stay, and another tab may have changed them since.
      const { rows } = await call("policy.list", {});
      await call("policy.set", { rows: [{ ...ownRow(rows, label), mode: to }] });
      if (andJudge) await call("queue.add", { which: "stored" });
      policies.reload();
      toast.success(
        <Said>
          <span>
            {t(`inbox.policy.${to}.saved`, { label })}
            {andJudge && ` ${t("inbox.policy.judging")} `}
            {andJudge && <Link to={PAGES.tasks.path}>{t("page.tasks")}</Link>}
          </span>
        </Said>,
      );
    },
    (error) => toast.error(sentence(text, error)),
  );
  const choose = (one: Mode) => {
    if (one === mode) return;
    if (one === "suggest") void save.run(one, false);
    else setChosen(one);
  };
  return (
    <>
      <Dropdown alignRight className="sense-inbox-policy show-carat">
        <Dropdown.Toggle size="sm" variant="secondary" id="sense-inbox-policy" disabled={!mode || save.busy}>
          {mode ? t(`inbox.policy.${mode}`) : t("inbox.policy")}
        </Dropdown.Toggle>
        <Dropdown.Menu aria-label={t("inbox.policy")}>
          {MODES.map((one) => (
            <Dropdown.Item key={one} as="button" type="button" active={one === mode} onClick={() => choose(one)}>
              {t(`inbox.policy.${one}`)}
              <small className="d-block">{t(`inbox.policy.${one}.about`)}</small>
            </Dropdown.Item>
          ))}
        </Dropdown.Menu>
      </Dropdown>
      {chosen && (
        <PolicyDialog
          row={{ ...row, mode: chosen }}
          mode={chosen}
          onClose={() => setChosen(undefined)}
          onSave={(andJudge) => {
            setChosen(undefined);
            void save.run(chosen, andJudge);
          }}
        />
      )}
    </>
  );
}

function ownRow(rows: readonly PolicyRow[], label: string): PolicyRow {
  return rows.find((row) => row.label.toLowerCase() === label.toLowerCase()) ?? { label };
}
