import React from "react";
import { Button, ButtonGroup, Form } from "react-bootstrap";
import { MODES, type PolicyRow } from "../../schemas/policy.ts";
import { useText } from "../../text/text.ts";
import { categoriesOf, type Line, type Mode, OWN, VALUES, type View } from "./policies.ts";

interface Props {
  view: View;
  onView(some: Partial<View>): void;
  lines: readonly Line[];
  shown: readonly Line[];
  chosen: ReadonlySet<string>;
  onChoose(chosen: ReadonlySet<string>): void;
  onChange(values: Partial<PolicyRow>): void;
  onEdit(): void;
}

const DEFAULT_ROW = Object.fromEntries(VALUES.map((name) => [name, null])) as Partial<PolicyRow>;

/** Filters; and once something is chosen, what can be done with all of it. */
export function PolicyTools({ view, onView, lines, shown, chosen, onChoose, onChange, onEdit }: Props) {
  const { t, number } = useText();
  const categories = categoriesOf(lines);
  return (
    <>
      <div className="sense-policies-filters">
        <Form.Control
          type="search"
          className="text-input sense-policies-words"
          value={view.words}
          placeholder={t("settings.policy.find")}
          aria-label={t("settings.policy.find")}
          onChange={(event) => onView({ words: event.target.value })}
        />
        <Form.Control
          as="select"
          className="input-control"
          value={view.mode}
          aria-label={t("settings.policy.mode")}
          onChange={(event) => onView({ mode: event.target.value as Mode | "" })}
        >
          <option value="">{t("settings.policy.modes")}</option>
          {MODES.map((mode) => (
            <option key={mode} value={mode}>
              {t(`settings.choice.${mode}`)}
            </option>
          ))}
        </Form.Control>
        {categories.length > 1 && (
          <Form.Control
            as="select"
            className="input-control"
            value={view.category}
            aria-label={t("settings.policy.category")}
            onChange={(event) => onView({ category: event.target.value })}
          >
            <option value="">{t("settings.policy.categories")}</option>
            {categories.map((category) => (
              <option key={category} value={category}>
                {category}
              </option>
            ))}
          </Form.Control>
        )}
        <Form.Control
          as="select"
          className="input-control"
          value={view.own}
          aria-label={t("settings.policy.own")}
          onChange={(event) => onView({ own: event.target.value as View["own"] })}
        >
          {OWN.map((own) => (
            <option key={own} value={own}>
              {t(`settings.policy.own.${own}`)}
            </option>
          ))}
        </Form.Control>
        <span className="text-muted sense-policies-count" role="status">
          {shown.length === lines.length
            ? t("settings.policy.count", { count: lines.length })
            : t("settings.policy.count.some", { shown: number(shown.length), count: lines.length })}
        </span>
      </div>
      {chosen.size > 0 && (
        <div
          className="sense-policies-chosen"
          role="toolbar"
          aria-label={t("settings.policy.chosen", { count: chosen.size })}
        >
          <span>{t("settings.policy.chosen", { count: chosen.size })}</span>
          <ButtonGroup size="sm">
            {MODES.map((mode) => (
              <Button key={mode} variant="secondary" onClick={() => onChange({ mode })}>
                {t(`settings.choice.${mode}`)}
              </Button>
            ))}
          </ButtonGroup>
          <Button variant="secondary" size="sm" onClick={onEdit}>
            {t("settings.policy.edit")}
          </Button>
          <Button variant="secondary" size="sm" onClick={() => onChange(DEFAULT_ROW)}>
            {t("settings.policy.defaults")}
          </Button>
          <Button variant="link" size="sm" onClick={() => onChoose(new Set())}>
            {t("settings.policy.unchoose")}
          </Button>
        </div>
      )}
    </>
  );
}
