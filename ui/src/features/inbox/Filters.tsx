import { faFilter } from "@fortawesome/free-solid-svg-icons";
import React, { type ReactNode, useEffect, useState } from "react";
import { Button, Form } from "react-bootstrap";
import { KINDS } from "../../schemas/common.ts";
import { TYPES } from "../../schemas/suggestions.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useText } from "../../text/text.ts";
import { DEFAULTS, filtersOf, type Query, STATES, withoutFilters } from "./query.ts";
import type { ChangeQuery } from "./useQuery.ts";

const TYPING_MS = 350;

interface Props {
  query: Query;
  change: ChangeQuery;
  /** Filters are folded away behind a button. */
  isNarrow: boolean;
}

/** What of the suggestions is looked at. */
export function Filters({ query, change, isNarrow }: Props) {
  const { t, number } = useText();
  const [isOpen, setOpen] = useState(false);
  const count = filtersOf(query) + (query.state === DEFAULTS.state ? 0 : 1);
  const fields = (
    <>
      <Choice
        label={t("inbox.state")}
        value={query.state}
        onChange={(state) => change({ state, order: "" }, "push")}
        options={STATES.map((state) => [state, t(`inbox.state.${state}`)] as const)}
      />
      <Choice
        label={t("inbox.filter.kind")}
        value={query.kind}
        onChange={(kind) => change({ kind }, "push")}
        options={[["", t("inbox.filter.kinds")], ...KINDS.map((kind) => [kind, t(`inbox.filter.${kind}`)] as const)]}
      />
      <Choice
        label={t("inbox.filter.type")}
        value={query.type}
        onChange={(type) => change({ type }, "push")}
        options={[["", t("inbox.filter.types")], ...TYPES.map((type) => [type, t(`inbox.filter.${type}`)] as const)]}
      />
      <Typed
        label={t("inbox.filter.words")}
        type="search"
        value={query.words}
        onChange={(words) => change({ words })}
      />
      <Typed
        label={t("inbox.filter.min")}
        type="number"
        value={query.min === undefined ? "" : String(query.min)}
        onChange={(min) => change({ min: min.trim() === "" || Number.isNaN(Number(min)) ? undefined : Number(min) })}
      />
      {filtersOf(query) > 0 && (
        <Button variant="link" size="sm" onClick={() => change(withoutFilters(query), "push")}>
          {t("inbox.filter.clear")}
        </Button>
      )}
    </>
  );
  if (!isNarrow) return <Bar>{fields}</Bar>;
  return (
    <>
      <Button
        variant="secondary"
        size="sm"
        className="sense-inbox-filter-button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon icon={faFilter} />
        {t("inbox.filters")}
        {count > 0 && <span className="badge badge-info ml-1">{number(count)}</span>}
      </Button>
      {isOpen && <Bar>{fields}</Bar>}
    </>
  );
}

function Bar({ children }: { children: ReactNode }) {
  const { t } = useText();
  return (
    <fieldset aria-label={t("inbox.filters")} className="sense-inbox-filters">
      {children}
    </fieldset>
  );
}

interface ChoiceProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly (readonly [Value, string])[];
  onChange(value: Value): void;
}

export function Choice<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>) {
  return (
    <Form.Control
      as="select"
      size="sm"
      className="input-control"
      aria-label={label}
      title={label}
      value={value}
      onChange={(event) => {
        const chosen = options.find(([known]) => known === event.target.value);
        if (chosen) onChange(chosen[0]);
      }}
    >
      {options.map(([known, name]) => (
        <option key={known} value={known}>
          {name}
        </option>
      ))}
    </Form.Control>
  );
}

interface TypedProps {
  label: string;
  type: "search" | "number";
  value: string;
  onChange(value: string): void;
}

/** A field that tells what is in it once the typing pauses. */
function Typed({ label, type, value, onChange }: TypedProps) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is typed starts the wait.
  useEffect(() => {
    if (text === value) return;
    const timer = window.setTimeout(() => onChange(text), TYPING_MS);
    return () => window.clearTimeout(timer);
  }, [text]);
  return (
    <Form.Control
      type={type}
      size="sm"
      step="any"
      className={`text-input sense-inbox-${type}`}
      value={text}
      placeholder={label}
      aria-label={label}
      onChange={(event) => setText(event.target.value)}
    />
  );
}
