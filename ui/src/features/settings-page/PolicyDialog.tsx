import React, { useState } from "react";
import { Button, Form, Modal } from "react-bootstrap";
import type { PolicyRow } from "../../schemas/policy.ts";
import { unitAbout } from "../../shared/reason.ts";
import { useText } from "../../text/text.ts";
import { PolicyControl } from "./PolicyControl.tsx";
import { type Line, type Listed, parsePhrasings, VALUES } from "./policies.ts";
import { Wrong } from "./Wrong.tsx";

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
  const text = useText();
  const { t } = text;
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
              {isTwice && <Wrong>{t("settings.policy.twice")}</Wrong>}
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
                        ? t("settings.policy.threshold.unit", { about: unitAbout(text, scoring) })
                        : t(`settings.policy.column.${name}.about`)}
                    </small>
                  </label>
                  {name === "phrasings" ? (
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
                  ) : (
                    <PolicyControl
                      name={name}
                      id={id}
                      row={row}
                      defaults={defaults}
                      tagHint={isMany ? "" : first.label || label}
                      onChange={set}
                    />
                  )}
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
