import React, { type ReactNode } from "react";
import { Button, Modal } from "react-bootstrap";
import { patchComponent } from "../plugins/patch.tsx";

export interface AlertModalProps {
  text: ReactNode;
  show?: boolean;
  confirmButtonText?: string;
  confirmVariant?: string;
  onConfirm: () => void;
  onCancel: () => void;
}

export const AlertModal = patchComponent<AlertModalProps>(
  "AlertModal",
  ({ text, show, confirmButtonText = "Confirm", confirmVariant = "danger", onConfirm, onCancel }) => (
    <Modal show={show}>
      <Modal.Body>{text}</Modal.Body>
      <Modal.Footer>
        <Button variant={confirmVariant} onClick={onConfirm}>
          {confirmButtonText}
        </Button>
        <Button variant="secondary" onClick={onCancel}>
          Cancel
        </Button>
      </Modal.Footer>
    </Modal>
  ),
);
