import { faRotateLeft } from "@fortawesome/free-solid-svg-icons";
import React, { type ReactNode, useState } from "react";
import { Button, Form } from "react-bootstrap";
import { KINDS } from "../../schemas/common.ts";
import { Icon } from "../../shared/Icon.tsx";
import { type TextKey, useText } from "../../text/text.ts";
import { CronField } from "./CronField.tsx";
import { type Field, type FieldId, isSame, type Value } from "./fields.ts";
import { parseNumber, writeNumber } from "./number.ts";
import { Setting } from "./Section.tsx";

interface Props {
  field: Field & { id: FieldId };
  value: Value;
  isChanged: boolean;
  problem?: string;
  /** Behind the words of the setting. */
  note?: ReactNode;
  onChange(value: Value): void;
}

/** One setting: its words, its control, and the way back to its default. */
export function FieldRow({ field, value, isChanged, problem, note, onChange }: Props) {
  const text = useText();
  const { t } = text;
  const id = `sense-setting-${field.id.replace(".", "-")}`;
  const label = t(`settings.field.${field.id}`);
  const about = `${id}-about`;
  return (
    <Setting
      heading={label}
      htmlFor={field.type === "kinds" ? undefined : id}
      aboutId={about}
      className={isChanged ? "sense-setting-changed" : ""}
      about={
        <>
          {t(`settings.field.${field.id}.about`)} {note}
        </>
      }
      problem={problem}
    >
      <div className="sense-setting-control">
        {!isSame(value, field.initial) && field.type !== "switch" && (
          <Button
            variant="secondary"
            className="minimal"
            title={t("settings.reset", { value: shown(text, field, field.initial) })}
            aria-label={t("settings.reset.of", { label, value: shown(text, field, field.initial) })}
            onClick={() => onChange(field.initial)}
          >
            <Icon icon={faRotateLeft} />
          </Button>
        )}
        <Control {...{ field, id, label, about, value, onChange }} isInvalid={!!problem} />
      </div>
    </Setting>
  );
}

interface ControlProps {
  field: Field & { id: FieldId };
  id: string;
  label: string;
  about: string;
  value: Value;
  isInvalid: boolean;
  onChange(value: Value): void;
}

function Control({ field, id, label, about, value, isInvalid, onChange }: ControlProps) {
  const { t } = useText();
  switch (field.type) {
    case "switch":
      return (
        <Form.Check
          type="switch"
          id={id}
          label=""
          aria-label={label}
          aria-describedby={about}
          checked={value === true}
          onChange={() => onChange(value !== true)}
        />
      );
    case "kinds": {
      const chosen = Array.isArray(value) ? (value as readonly string[]) : [];
      return (
        <fieldset aria-label={label} className="sense-kinds">
          {KINDS.map((kind) => (
            <Form.Check
              key={kind}
              id={`${id}-${kind}`}
              label={t(`settings.kind.${kind}`)}
              checked={chosen.includes(kind)}
              // One must remain.
              disabled={chosen.length === 1 && chosen[0] === kind}
              onChange={() =>
                onChange(KINDS.filter((one) => (one === kind ? !chosen.includes(one) : chosen.includes(one))))
              }
            />
          ))}
        </fieldset>
      );
    }
    case "choice":
      return (
        <Form.Control
          as="select"
          id={id}
          className="input-control"
          value={String(value)}
          aria-describedby={about}
          onChange={(event) => onChange(event.target.value)}
        >
          {field.choices.map((choice) => (
            <option key={choice} value={choice}>
              {t(`settings.choice.${choice}` as TextKey)}
            </option>
          ))}
        </Form.Control>
      );
    case "cron":
      return <CronField {...{ id, label, isInvalid }} value={String(value)} describedBy={about} onChange={onChange} />;
    case "number":
    case "share":
      return <NumberControl key={field.id} {...{ field, id, about, value, isInvalid, onChange }} />;
    case "list":
      return <ListControl {...{ id, about, value, isInvalid, onChange }} />;
    default:
      return (
        <Form.Control
          id={id}
          className={`text-input ${field.isWide ? "sense-wide" : ""}`}
          value={String(value)}
          isInvalid={isInvalid}
          aria-describedby={about}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => onChange(event.target.value)}
        />
      );
  }
}

/** Keeps what is typed while it is typed: a comma at the end is no text yet. */
function ListControl({ id, about, value, isInvalid, onChange }: Omit<NumberControlProps, "field">) {
  const [typed, setTyped] = useState<{ text: string; value: Value }>();
  return (
    <Form.Control
      id={id}
      className="text-input sense-wide"
      value={typed && isSame(typed.value, value) ? typed.text : listText(value)}
      isInvalid={isInvalid}
      aria-describedby={about}
      spellCheck={false}
      autoComplete="off"
      onChange={({ target }) => {
        const next = target.value
          .split(",")
          .map((one) => one.trim())
          .filter(Boolean);
        setTyped({ text: target.value, value: next });
        onChange(next);
      }}
    />
  );
}

function listText(value: Value): string {
  return Array.isArray(value) ? value.join(", ") : String(value);
}

type NumberControlProps = Omit<ControlProps, "label">;

/** Keeps what is typed while it is typed. What is no number is handed on as a text, for the plugin to refuse. */
function NumberControl({ field, id, about, value, isInvalid, onChange }: NumberControlProps) {
  const { t } = useText();
  const factor = field.type === "share" ? 100 : 1;
  const [typed, setTyped] = useState<{ text: string; value: Value }>();
  const text =
    typed && isSame(typed.value, value)
      ? typed.text
      : typeof value === "number"
        ? writeNumber(value, factor)
        : String(value);
  const unit = field.type === "share" ? "share" : field.type === "number" ? field.unit : "none";
  return (
    <div className="sense-number">
      <Form.Control
        id={id}
        className="text-input"
        inputMode="decimal"
        value={text}
        isInvalid={isInvalid || typeof value !== "number"}
        aria-describedby={about}
        autoComplete="off"
        onChange={(event) => {
          const read = parseNumber(event.target.value);
          const next = typeof read === "number" ? Number((read / factor).toPrecision(12)) : event.target.value;
          setTyped({ text: event.target.value, value: next });
          onChange(next);
        }}
      />
      <span className="text-muted">{unit !== "none" && t(`settings.unit.${unit}`)}</span>
    </div>
  );
}

function shown({ t, number, share }: ReturnType<typeof useText>, field: Field, value: Value): string {
  if (field.type === "share" && typeof value === "number") return share(value);
  if (field.type === "number" && typeof value === "number") {
    return `${number(value, 2)} ${field.unit === "none" ? "" : t(`settings.unit.${field.unit}`)}`.trim();
  }
  if (field.type === "choice") return t(`settings.choice.${String(value)}` as TextKey);
  if (field.type === "kinds") return KINDS.map((kind) => t(`settings.kind.${kind}`)).join(", ");
  return listText(value) || t("settings.nothing");
}
