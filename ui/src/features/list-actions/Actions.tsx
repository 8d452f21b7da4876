import { faEye } from "@fortawesome/free-solid-svg-icons";
import React, { useEffect, useState } from "react";
import { Button, Modal } from "react-bootstrap";
import { Link } from "react-router-dom";
import { pluginApi } from "../../host/pluginApi.ts";
import { Icon } from "../../shared/Icon.tsx";
import { sentence } from "../../shared/Problem.tsx";
import { Said } from "../../shared/Said.tsx";
import { useAction } from "../../shared/useOperation.ts";
import { useText } from "../../text/text.ts";
import { type Action, WITHOUT_ASKING } from "./actions.ts";

export interface Wanted {
  action: Action;
  ids: number[];
}

interface Props {
  /** Hands over what a choice in the menu calls. Returns what takes it back. */
  listen(chosen: (wanted: Wanted) => void): () => void;
}

/** Asks where it is much, does it, and says what came of it. Shows nothing by itself. */
export function Actions({ listen }: Props) {
  const text = useText();
  const toast = pluginApi().hooks.useToast();
  const [question, setQuestion] = useState<Wanted>();
  const { run } = useAction(
    async ({ action, ids }: Wanted) => {
      const { key, values } = await action.run(ids);
      toast.success(
        <Said>
          <span>
            {text.t(key, values)} <Link to="/sense/tasks">{text.t("list.tasks")}</Link>
          </span>
        </Said>,
      );
    },
    (error) => toast.error(sentence(text, error)),
  );
  useEffect(
    () =>
      listen((wanted) => {
        if (wanted.ids.length > WITHOUT_ASKING || wanted.action.danger) setQuestion(wanted);
        else void run(wanted);
      }),
    [listen, run],
  );
  if (!question) return null;
  const { action, ids } = question;
  const close = () => setQuestion(undefined);
  return (
    <Modal show onHide={close} aria-labelledby="sense-list-question">
      <Modal.Header className="sense-list-question">
        <Icon icon={faEye} />
        <span id="sense-list-question">{text.t(action.label)}</span>
      </Modal.Header>
      <Modal.Body>{text.t(action.question, { count: ids.length })}</Modal.Body>
      <Modal.Footer>
        <Button variant="secondary" onClick={close}>
          {text.t("action.cancel")}
        </Button>
        <Button
          variant={action.danger ? "danger" : "primary"}
          onClick={() => {
            close();
            void run(question);
          }}
        >
          {text.t(action.yes)}
        </Button>
      </Modal.Footer>
    </Modal>
  );
}
