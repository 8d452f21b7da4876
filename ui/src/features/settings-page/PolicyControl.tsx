import React from "react";
import { Form } from "react-bootstrap";
import { MODES, type PolicyRow } from "../../schemas/policy.ts";
import { useText } from "../../text/text.ts";
import { NumberCell } from "./NumberCell.tsx";
import type { Listed, Mode, VALUES } from "./policies.ts";

interface Props {
  name: Exclude<(typeof VALUES)[number], "scoring" | "phrasings">;
  id: string;
  row: PolicyRow;
  defaults: Listed["defaults"];
  /** The tag that is meant where none is named. */
  tagHint: string;
  onChange(values: Partial<PolicyRow>): void;
}

/** One value of a policy in a dialog; what is empty shows the default that it follows. */
export function PolicyControl({ name, id, row, defaults, tagHint, onChange }: Props) {
  const { t } = useText();
  const hasOwnRequirement = row.required_s != null || row.required_share != null;
  const column = t(`settings.policy.column.${name}`);
  const number = { id, label: column, className: "form-control text-input" };
  switch (name) {
    case "mode":
      return (
        <Form.Control
          as="select"
          id={id}
          className="input-control"
          value={row.mode ?? ""}
          onChange={(event) => onChange({ mode: (event.target.value || null) as Mode | null })}
        >
          <option value="">{t("settings.policy.default", { value: t(`settings.choice.${defaults.mode}`) })}</option>
          {MODES.map((mode) => (
            <option key={mode} value={mode}>
              {t(`settings.choice.${mode}`)}
            </option>
          ))}
        </Form.Control>
      );
    case "stash_tag":
      return (
        <Form.Control
          id={id}
          className="text-input"
          value={row.stash_tag ?? ""}
          placeholder={tagHint}
          maxLength={200}
          onChange={(event) => onChange({ stash_tag: event.target.value || null })}
        />
      );
    case "marker":
      return (
        <Form.Control
          as="select"
          id={id}
          className="input-control"
          value={row.marker == null ? "" : row.marker ? "yes" : "no"}
          onChange={(event) => onChange({ marker: event.target.value ? event.target.value === "yes" : null })}
        >
          <option value="">
            {t("settings.policy.default", { value: t(defaults.marker ? "settings.yes" : "settings.no") })}
          </option>
          <option value="yes">{t("settings.yes")}</option>
          <option value="no">{t("settings.no")}</option>
        </Form.Control>
      );
    case "threshold":
      return (
        <NumberCell
          {...number}
          value={row.threshold}
          isSigned
          placeholder={t("settings.policy.of_model")}
          onChange={(threshold) => onChange({ threshold })}
        />
      );
    case "required_share":
      return (
        <NumberCell
          {...number}
          value={row.required_share}
          fallback={hasOwnRequirement ? undefined : defaults.required_share}
          factor={100}
          most={1}
          onChange={(required_share) => onChange({ required_share })}
        />
      );
    default:
      return (
        <NumberCell
          {...number}
          value={row[name]}
          fallback={name === "required_s" && hasOwnRequirement ? undefined : defaults[name]}
          onChange={(value) => onChange({ [name]: value })}
        />
      );
  }
}
