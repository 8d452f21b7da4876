import React, { type ReactNode } from "react";
import { Button, Modal } from "react-bootstrap";

interface Props {
  title: string;
  yes: string;
  no: string;
  variant: "primary" | "danger";
  /** What the owner asks for is being asked for. */
  isBusy?: boolean;
  onYes(): void;
  onNo(): void;
  children: ReactNode;
}

/** A question before something large. */
export function Confirm({ title, yes, no, variant, isBusy = false, onYes, onNo, children }: Props) {
  return (
    <Modal show onHide={onNo} aria-labelledby="sense-tasks-question">
      <Modal.Header>
        <span id="sense-tasks-question">{title}</span>
      </Modal.Header>
      <Modal.Body>{children}</Modal.Body>
      <Modal.Footer>
        <Button variant="secondary" onClick={onNo}>
          {no}
        </Button>
        <Button variant={variant} disabled={isBusy} onClick={onYes}>
          {yes}
        </Button>
      </Modal.Footer>
    </Modal>
  );
}
