import React, { useState } from "react";
import { Button, Form, Modal } from "react-bootstrap";
import { call } from "../../operations.ts";
import { useText } from "../../text/text.ts";
import { useAct } from "./useAct.ts";

const CONFIRMATION = "erase all faces";

/** Forget all that is known of faces, after these words were typed. */
export function Erase({ changed }: { changed(): void }) {
  const { t } = useText();
  const [isAsking, setAsking] = useState(false);
  const [typed, setTyped] = useState("");
  const act = useAct(changed);
  const close = () => {
    setAsking(false);
    setTyped("");
  };
  const erase = async () => {
    const done = await act.run(async () => {
      const { faces, people } = await call("people.erase", { confirmation: CONFIRMATION });
      return { said: t("people.erased", { faces, people }) };
    });
    if (done) close();
  };
  return (
    <>
      <Button variant="danger" size="sm" onClick={() => setAsking(true)}>
        {t("people.erase")}
      </Button>
      {isAsking && (
        <Modal show onHide={close} aria-labelledby="sense-erase">
          <Modal.Header>
            <span id="sense-erase">{t("people.erase.title")}</span>
          </Modal.Header>
          <Modal.Body>
            <p>{t("people.erase.about")}</p>
            <Form.Control
              className="text-input"
              value={typed}
              aria-label={t("people.erase.type", { words: CONFIRMATION })}
              placeholder={t("people.erase.type", { words: CONFIRMATION })}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
          </Modal.Body>
          <Modal.Footer>
            <Button variant="secondary" onClick={close}>
              {t("action.cancel")}
            </Button>
            <Button
              variant="danger"
              disabled={act.busy || typed.trim().toLowerCase() !== CONFIRMATION}
              onClick={() => void erase()}
            >
              {t("people.erase.yes")}
            </Button>
          </Modal.Footer>
        </Modal>
      )}
    </>
  );
}
