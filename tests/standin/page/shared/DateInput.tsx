import React from "react";
import { Form, InputGroup } from "react-bootstrap";
import { patchComponent } from "../plugins/patch.tsx";

export interface DateInputProps {
  value: string;
  isTime?: boolean;
  disabled?: boolean;
  onValueChange(value: string): void;
  placeholder?: string;
  groupClassName?: string;
  className?: string;
  error?: string;
}

export const DateInput = patchComponent<DateInputProps>(
  "DateInput",
  ({ value, isTime, disabled, onValueChange, placeholder, groupClassName, className, error }) => (
    <InputGroup hasValidation className={groupClassName ?? "date-input-group"}>
      <Form.Control
        className={`date-input text-input ${className ?? ""}`}
        disabled={disabled}
        value={value}
        onChange={(event) => onValueChange(event.currentTarget.value)}
        placeholder={placeholder ?? (isTime ? "YYYY-MM-DD HH:MM" : "YYYY-MM-DD")}
        isInvalid={!!error}
      />
      <Form.Control.Feedback type="invalid">{error}</Form.Control.Feedback>
    </InputGroup>
  ),
);
