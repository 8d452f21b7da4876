import React, { useState } from "react";
import { parseNumber, writeNumber } from "./number.ts";

interface Props {
  value: number | null | undefined;
  /** What an empty cell means. */
  fallback?: number;
  placeholder?: string;
  /** 100: shown as per cent. */
  factor?: number;
  most?: number;
  isSigned?: boolean;
  /** Has no effect now. */
  isIdle?: boolean;
  label: string;
  className?: string;
  id?: string;
  onChange(value: number | null): void;
}

/** A number, or nothing. What is no number is marked, and not handed on. */
export function NumberCell(props: Props) {
  const { value, fallback, placeholder, factor = 1, most = Number.POSITIVE_INFINITY, isSigned, isIdle } = props;
  const [typed, setTyped] = useState<{ text: string; value: number | null | undefined }>();
  const text = typed && (typed.value ?? null) === (value ?? null) ? typed.text : writeNumber(value, factor);
  const isWrong = read(text, factor, most, isSigned) === undefined;
  return (
    <input
      id={props.id}
      className={`${props.className ?? "sense-cell"} number ${isWrong ? "is-invalid" : ""} ${isIdle ? "idle" : ""}`}
      inputMode="decimal"
      autoComplete="off"
      value={text}
      placeholder={placeholder ?? writeNumber(fallback, factor)}
      aria-label={props.label}
      aria-invalid={isWrong || undefined}
      onChange={(event) => {
        const next = read(event.target.value, factor, most, isSigned);
        setTyped({ text: event.target.value, value: next === undefined ? value : next });
        if (next !== undefined) props.onChange(next);
      }}
      onBlur={() => setTyped(undefined)}
    />
  );
}

function read(text: string, factor: number, most: number, isSigned?: boolean): number | null | undefined {
  const found = parseNumber(text);
  if (found === null || found === undefined) return found;
  const value = Number((found / factor).toPrecision(12));
  return value > most || (value < 0 && !isSigned) ? undefined : value;
}
