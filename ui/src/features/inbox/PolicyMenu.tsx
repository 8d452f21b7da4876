import React from "react";
import { Button, Dropdown } from "react-bootstrap";
import { Link } from "react-router-dom";
import { pluginApi } from "../../host/pluginApi.ts";
import { call } from "../../operations.ts";
import { MODES, type PolicyRow } from "../../schemas/policy.ts";
import { sentence } from "../../shared/Problem.tsx";
import { PAGES } from "../../shared/pages.ts";
import { useAction, useOperation } from "../../shared/useOperation.ts";
import { useText } from "../../text/text.ts";

type Mode = (typeof MODES)[number];

/** What is done with a label from now on: ask, always accept, never look. */
export function PolicyMenu({ label }: { label: string }) {
  const text = useText();
  const { t } = text;
  const toast = pluginApi().hooks.useToast();
  const policies = useOperation("policy.list", {});
  const own = policies.data?.rows.find((row) => row.label.toLowerCase() === label.toLowerCase());
  const mode: Mode | undefined = own?.mode ?? policies.data?.defaults.mode;
  const fail = (error: Parameters<typeof sentence>[1]) => toast.error(sentence(text, error));
  const judge = useAction(async () => {
    await call("queue.add", { which: "stored" });
    toast.success(
      <span>
        {t("inbox.policy.judging")} <Link to={PAGES[1].path}>{t("page.tasks")}</Link>
      </span>,
    );
  }, fail);
  const save = useAction(async (chosen: Mode) => {
    // Its own values stay; another tab may have changed them since.
    const { rows } = await call("policy.list", {});
    const now: PolicyRow = rows.find((row) => row.label.toLowerCase() === label.toLowerCase()) ?? { label };
    await call("policy.set", { rows: [{ ...now, mode: chosen }] });
    policies.reload();
    toast.toast({
      content: (
        <div className="sense-inbox-toast">
          <span>{t(`inbox.policy.${chosen}.saved`, { label })}</span>
          <Button variant="secondary" size="sm" onClick={() => void judge.run()}>
            {t("inbox.policy.judge")}
          </Button>
        </div>
      ),
      variant: "success",
      delay: 10_000,
    });
  }, fail);
  return (
    <Dropdown alignRight className="sense-inbox-policy">
      <Dropdown.Toggle size="sm" variant="secondary" id="sense-inbox-policy" disabled={!mode || save.busy}>
        {mode ? t(`inbox.policy.${mode}`) : t("inbox.policy")}
      </Dropdown.Toggle>
      <Dropdown.Menu aria-label={t("inbox.policy")}>
        {MODES.map((one) => (
          <Dropdown.Item
            key={one}
            as="button"
            type="button"
            active={one === mode}
            onClick={() => one !== mode && void save.run(one)}
          >
            {t(`inbox.policy.${one}`)}
            <small className="d-block">{t(`inbox.policy.${one}.about`)}</small>
          </Dropdown.Item>
        ))}
      </Dropdown.Menu>
    </Dropdown>
  );
}
