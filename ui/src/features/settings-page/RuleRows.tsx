import { faArrowRight, faPlus, faTrash } from "@fortawesome/free-solid-svg-icons";
import React from "react";
import { Button, Form } from "react-bootstrap";
import { Icon } from "../../shared/Icon.tsx";
import { useText } from "../../text/text.ts";
import { EMPTY, type Rule, STYLES, type Style, wrongWith } from "./rules.ts";
import { Wrong } from "./Wrong.tsx";

interface Props {
  rules: readonly Rule[];
  onChange(rules: readonly Rule[]): void;
}

/** A row for each mapping: Stash's folder, the sidecar's. */
export function RuleRows({ rules, onChange }: Props) {
  const { t } = useText();
  const change = (at: number, some: Partial<Rule>) =>
    onChange(rules.map((rule, index) => (index === at ? { ...rule, ...some } : rule)));
  return (
    <>
      {rules.map((rule, index) => {
        const number = index + 1;
        const wrong = wrongWith(rule);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a rule is nothing but its place until it is written.
          <fieldset key={index} className="sense-rule" aria-label={t("settings.paths.rule", { number })}>
            <Form.Control
              className="text-input"
              value={rule.from}
              placeholder={t("settings.paths.from")}
              aria-label={t("settings.paths.from")}
              spellCheck={false}
              onChange={(event) => change(index, { from: event.target.value })}
            />
            <Icon icon={faArrowRight} />
            <Form.Control
              className="text-input"
              value={rule.to}
              placeholder={t("settings.paths.to")}
              aria-label={t("settings.paths.to")}
              spellCheck={false}
              onChange={(event) => change(index, { to: event.target.value })}
            />
            <Form.Control
              as="select"
              className="input-control"
              value={rule.style}
              aria-label={t("settings.paths.style")}
              onChange={(event) => change(index, { style: event.target.value as Style })}
            >
              {STYLES.map((style) => (
                <option key={style} value={style}>
                  {t(`settings.paths.style.${style}`)}
                </option>
              ))}
            </Form.Control>
            <Button
              variant="danger"
              className="minimal"
              title={t("settings.paths.remove")}
              aria-label={t("settings.paths.remove.of", { number })}
              onClick={() => onChange(rules.filter((_, at) => at !== index))}
            >
              <Icon icon={faTrash} />
            </Button>
            {wrong && <Wrong>{t(`settings.paths.wrong.${wrong}`)}</Wrong>}
          </fieldset>
        );
      })}
      <Button variant="secondary" size="sm" onClick={() => onChange([...rules, EMPTY])}>
        <Icon icon={faPlus} />
        <span>{t("settings.paths.add")}</span>
      </Button>
    </>
  );
}
