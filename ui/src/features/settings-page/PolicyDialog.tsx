import React, { useState } from "react";
import { Button, Form, Modal } from "react-bootstrap";
import { MODES, type PolicyRow } from "../../schemas/policy.ts";
import { useText } from "../../text/text.ts";
import { NumberCell } from "./NumberCell.tsx";
import { type Line, type Listed, type Mode, parsePhrasings, VALUES } from "./policies.ts";

interface Props {
  /** A label, those that are chosen, or one that is to be. */
  of: Line | "chosen" | "new";
  /** How many are chosen. */
  count: number;
  defaults: Listed["defaults"];
  scoring: string;
  isKnown(label: string): boolean;
  onClose(): void;
  onDone(label: string, values: Partial<PolicyRow>): void;
}

type Name = Exclude<(typeof VALUES)[number], "scoring">;
const NAMES = VALUES.filter((name): name is Name => name !== "scoring");

/** All values of a label. Of many at once, those that are ticked. */
export function PolicyDialog({ of, count, defaults, scoring, isKnown, onClose, onDone }: Props) {
  const { t } = useText();
  const isMany = of === "chosen";
  const first: PolicyRow = typeof of === "string" ? { label: "" } : of.row;
  const [label, setLabel] = useState("");
  const [row, setRow] = useState<PolicyRow>(first);
  const [ticked, setTicked] = useState<ReadonlySet<Name>>(new Set());
  const [phrasings, setPhrasings] = useState((first.phrasings ?? []).join("\n"));
  const set = (values: Partial<PolicyRow>) => {
    setRow((before) => ({ ...before, ...values }));
    if (isMany) setTicked((before) => new Set([...before, ...(Object.keys(values) as Name[])]));
  };
  const isTwice = of === "new" && isKnown(label);
  const canSave = of === "new" ? label.trim() !== "" && !isTwice : !isMany || ticked.size > 0;
  const hasOwnRequirement = row.required_s != null || row.required_share != null;

  const control = (name: Name, id: string) => {
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
            onChange={(event) => set({ mode: (event.target.value || null) as Mode | null })}
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
            placeholder={isMany ? "" : first.label || label}
            maxLength={200}
            onChange={(event) => set({ stash_tag: event.target.value || null })}
          />
        );
      case "marker":
        return (
          <Form.Control
            as="select"
            id={id}
            className="input-control"
            value={row.marker == null ? "" : row.marker ? "yes" : "no"}
            onChange={(event) => set({ marker: event.target.value ? event.target.value === "yes" : null })}
          >
            <option value="">
              {t("settings.policy.default", { value: t(defaults.marker ? "settings.yes" : "settings.no") })}
            </option>
            <option value="yes">{t("settings.yes")}</option>
            <option value="no">{t("settings.no")}</option>
          </Form.Control>
        );
      case "phrasings":
        return (
          <Form.Control
            as="textarea"
            id={id}
            rows={3}
            className="text-input"
            value={phrasings}
            onChange={(event) => {
              setPhrasings(event.target.value);
              set({ phrasings: parsePhrasings(event.target.value) });
            }}
          />
        );
      case "threshold":
        return (
          <NumberCell
            {...number}
            value={row.threshold}
            isSigned
            placeholder={t("settings.policy.of_model")}
            onChange={(threshold) => set({ threshold })}
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
            onChange={(required_share) => set({ required_share })}
          />
        );
      default:
        return (
          <NumberCell
            {...number}
            value={row[name]}
            fallback={name === "required_s" && hasOwnRequirement ? undefined : defaults[name]}
            onChange={(value) => set({ [name]: value })}
          />
        );
    }
  };

  const title = isMany ? t("settings.policy.edit.many", { count }) : of === "new" ? t("settings.policy.add") : of.label;
  return (
    <Modal show scrollable onHide={onClose} aria-labelledby="sense-policy-title" className="sense-policy-dialog">
      <Modal.Header closeButton>
        <span id="sense-policy-title" className="sense-policy-title">
          {title}
        </span>
      </Modal.Header>
      <Modal.Body>
        <Form
          id="sense-policy-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (!canSave) return;
            const values = isMany ? pick(row, ticked) : pick(row, new Set(NAMES));
            // What was not changed keeps its unit.
            if (!isMany && row.threshold === first.threshold) values.scoring = first.scoring;
            onDone(label.trim(), values);
          }}
        >
          {of === "new" && (
            <Form.Group controlId="sense-policy-new">
              <Form.Label>{t("settings.policy.column.label")}</Form.Label>
              <Form.Control
                autoFocus
                className="text-input"
                value={label}
                maxLength={200}
                isInvalid={isTwice}
                onChange={(event) => setLabel(event.target.value)}
              />
              {isTwice && <div className="text-danger small">{t("settings.policy.twice")}</div>}
              <Form.Text className="text-muted">{t("settings.policy.add.about")}</Form.Text>
            </Form.Group>
          )}
          {isMany && <p className="text-muted">{t("settings.policy.edit.many.about")}</p>}
          {(of === "new" ? ["phrasings" as const, ...NAMES.filter((name) => name !== "phrasings")] : NAMES).map(
            (name) => {
              const id = `sense-policy-${name}`;
              return (
                <div key={name} className="sense-policy-field">
                  {isMany && (
                    <input
                      type="checkbox"
                      checked={ticked.has(name)}
                      aria-label={t("settings.policy.change", { column: t(`settings.policy.column.${name}`) })}
                      onChange={() =>
                        setTicked((before) => {
                          const next = new Set(before);
                          if (!next.delete(name)) next.add(name);
                          return next;
                        })
                      }
                    />
                  )}
                  <label htmlFor={id}>
                    {t(`settings.policy.column.${name}`)}
                    <small className="text-muted">
                      {name === "threshold" && scoring
                        ? t("settings.policy.threshold.unit", { scoring })
                        : t(`settings.policy.column.${name}.about`)}
                    </small>
                  </label>
                  {control(name, id)}
                </div>
              );
            },
          )}
        </Form>
      </Modal.Body>
      <Modal.Footer>
        <Button variant="secondary" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button variant="primary" type="submit" form="sense-policy-form" disabled={!canSave}>
          {t("settings.policy.take")}
        </Button>
      </Modal.Footer>
    </Modal>
  );
}

function pick(row: PolicyRow, names: ReadonlySet<Name>): Partial<PolicyRow> {
  return Object.fromEntries([...names].map((name) => [name, row[name] ?? null]));
}
