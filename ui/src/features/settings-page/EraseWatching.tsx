import React, { useState } from "react";
import { Button, Form, Modal } from "react-bootstrap";
import { pluginApi } from "../../host/pluginApi.ts";
import { call } from "../../operations.ts";
import { sentence } from "../../shared/Problem.tsx";
import { useAction } from "../../shared/useOperation.ts";
import { learnWatching } from "../../shared/watching.ts";
import { useText } from "../../text/text.ts";

const CONFIRMATION = "erase watch history";

/** Forget all that was watched, after these words were typed. */
export function EraseWatching({ erased }: { erased(): void }) {
  const text = useText();
  const { t } = text;
  const toast = pluginApi().hooks.useToast();
  const [isAsking, setAsking] = useState(false);
  const [typed, setTyped] = useState("");
  const close = () => {
    setAsking(false);
    setTyped("");
  };
  const erase = useAction(
    async () => {
      // What waits in this browser first: else it comes behind, and is there again.
      learnWatching({ erased_ms: Date.now() });
      const { events, watches, note } = await call("telemetry.erase", { confirmation: CONFIRMATION });
      close();
      erased();
      toast.success([t("privacy.erased", { events, watches }), note].filter(Boolean).join(" "));
    },
    (error) => toast.error(sentence(text, error)),
  );
  return (
    <>
      <Button variant="danger" onClick={() => setAsking(true)}>
        {t("privacy.erase.do")}
      </Button>
      {isAsking && (
        <Modal show onHide={close} aria-labelledby="sense-erase-watching">
          <Modal.Header>
            <span id="sense-erase-watching">{t("privacy.erase.title")}</span>
          </Modal.Header>
          <Modal.Body>
            <p>{t("privacy.erase.warning")}</p>
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
              disabled={erase.busy || typed.trim().toLowerCase() !== CONFIRMATION}
              onClick={() => void erase.run()}
            >
              {t("people.erase.yes")}
            </Button>
          </Modal.Footer>
        </Modal>
      )}
    </>
  );
}
