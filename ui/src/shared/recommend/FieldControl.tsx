import React, { useState } from "react";
import { Form } from "react-bootstrap";
import type { Field } from "../../schemas/recommend.ts";
import { useText } from "../../text/text.ts";
import { clamped, isSame, typeOf } from "./form.ts";
import { PerformersControl } from "./PerformersControl.tsx";
import { TagsControl } from "./TagsControl.tsx";

interface Props {
  /** Of ids, so that two forms do not share them. */
  prefix: string;
  field: Field;
  value: unknown;
  onChange(value: unknown): void;
}

/** One setting of a recommender. */
export function FieldControl({ prefix, field, value, onChange }: Props) {
  const id = `${prefix}-${field.name}`;
  const type = typeOf(field);
  const isGroup = type === "tags" || type === "performers" || type === "enum";
  const about = field.help ? `${id}-about` : undefined;
  const control = <Control {...{ id, field, value, onChange }} about={about} />;
  const help = field.help && (
    <Form.Text id={about} muted>
      {field.help}
    </Form.Text>
  );
  if (isGroup) {
    return (
      <fieldset className={`sense-field sense-field-${type}`} aria-describedby={about}>
        <legend>{field.label}</legend>
        {control}
        {help}
      </fieldset>
    );
  }
  return (
    <Form.Group className={`sense-field sense-field-${type}`}>
      {type !== "boolean" && <Form.Label htmlFor={id}>{field.label}</Form.Label>}
      {control}
      {help}
    </Form.Group>
  );
}

interface ControlProps extends Omit<Props, "prefix"> {
  id: string;
  about: string | undefined;
}

function Control({ id, field, value, about, onChange }: ControlProps) {
  const text = useText();
  switch (typeOf(field)) {
    case "boolean":
      return (
        <Form.Check
          type="switch"
          id={id}
          label={field.label}
          aria-describedby={about}
          checked={value === true}
          onChange={() => onChange(value !== true)}
        />
      );
    case "slider":
      return (
        <div className="sense-slider">
          <input
            type="range"
            id={id}
            className="custom-range"
            min={field.low ?? 0}
            max={field.high ?? 1}
            step={field.step ?? "any"}
            value={Number(value)}
            aria-describedby={about}
            aria-valuetext={`${text.number(Number(value), 2)} ${field.unit}`.trim()}
            onChange={(event) => onChange(Number(event.target.value))}
          />
          <output htmlFor={id}>
            {text.number(Number(value), 2)} {field.unit}
          </output>
        </div>
      );
    case "number":
      return <NumberControl {...{ id, field, value, about, onChange }} />;
    case "select":
      return (
        <Form.Control
          as="select"
          size="sm"
          id={id}
          className="input-control"
          value={String(value)}
          aria-describedby={about}
          onChange={(event) => onChange(event.target.value)}
        >
          {field.choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </Form.Control>
      );
    case "enum":
      return (
        <>
          {field.choices.map((choice) => (
            <Form.Check
              key={choice.value}
              type="radio"
              inline
              id={`${id}-${choice.value}`}
              name={id}
              label={choice.label}
              checked={choice.value === value}
              onChange={() => onChange(choice.value)}
            />
          ))}
        </>
      );
    case "tags":
      return <TagsControl id={id} value={value} onChange={onChange} />;
    case "performers":
      return <PerformersControl id={id} value={value} onChange={onChange} />;
    default:
      return (
        <Form.Control
          size="sm"
          id={id}
          type={field.type === "search" ? "search" : "text"}
          className="text-input"
          value={String(value ?? "")}
          aria-describedby={about}
          autoComplete="off"
          onChange={(event) => onChange(event.target.value)}
        />
      );
  }
}

/** Keeps what is typed while it is typed; a number beyond its bounds is brought back when it is left. */
function NumberControl({ id, field, value, about, onChange }: ControlProps) {
  const [typed, setTyped] = useState<{ text: string; value: unknown }>();
  const isTyping = typed && isSame(typed.value, value);
  return (
    <div className="sense-number">
      <Form.Control
        size="sm"
        id={id}
        className="text-input"
        inputMode="decimal"
        value={isTyping ? typed.text : String(value)}
        isInvalid={!!isTyping && clamped(field, typed.text) === undefined}
        aria-describedby={about}
        autoComplete="off"
        onChange={(event) => {
          const next = clamped(field, event.target.value) ?? value;
          setTyped({ text: event.target.value, value: next });
          onChange(next);
        }}
        onBlur={() => setTyped(undefined)}
      />
      <span className="text-muted">{field.unit}</span>
    </div>
  );
}
