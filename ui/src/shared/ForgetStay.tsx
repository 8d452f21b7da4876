import { faTrash } from "@fortawesome/free-solid-svg-icons";
import React, { useState } from "react";
import { Button } from "react-bootstrap";
import { pluginApi } from "../host/pluginApi.ts";
import { call } from "../operations.ts";
import { useText } from "../text/text.ts";
import { focusNext } from "./focusNext.ts";
import { Icon } from "./Icon.tsx";
import { sentence } from "./Problem.tsx";
import { useAction } from "./useOperation.ts";

interface Props {
  watch_id: number;
  /** What it does, for who cannot see what it stands beside. */
  name: string;
  forgotten(): void;
}

/** Forget that a scene was watched once: for good, so it is asked for twice. */
export function ForgetStay({ watch_id, name, forgotten }: Props) {
  const text = useText();
  const { t } = text;
  const toast = pluginApi().hooks.useToast();
  const [isSure, setSure] = useState(false);
  const forget = useAction(
    async (button: Element, clicks: number) => {
      await call("history.remove", { watch_ids: [watch_id] });
      focusNext(button.closest("li"), "button", clicks);
      forgotten();
    },
    (error) => toast.error(sentence(text, error)),
  );
  // One button, so that who presses it by keys stays on it.
  return (
    <Button
      variant={isSure ? "danger" : "secondary"}
      size="sm"
      className={isSure ? "" : "minimal"}
      disabled={forget.busy}
      aria-label={isSure ? undefined : name}
      title={isSure ? undefined : name}
      onClick={({ currentTarget, detail }) => (isSure ? void forget.run(currentTarget, detail) : setSure(true))}
      onBlur={() => setSure(false)}
    >
      {isSure ? t("watched.forget.sure") : <Icon icon={faTrash} />}
    </Button>
  );
}
