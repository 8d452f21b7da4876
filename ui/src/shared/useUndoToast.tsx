import React, { useCallback } from "react";
import { Button } from "react-bootstrap";
import { pluginApi } from "../host/pluginApi.ts";
import { useText } from "../text/text.ts";
import { Said } from "./Said.tsx";

/** Long enough to be read and to be regretted. */
const SHOWN_MS = 8000;

/** Says what was done, with the way back. */
export function useUndoToast(): (said: string, undo: () => void) => void {
  const toast = pluginApi().hooks.useToast();
  const { t } = useText();
  return useCallback(
    (said, undo) => {
      let isUndone = false;
      const once = () => {
        if (isUndone) return;
        isUndone = true;
        undo();
      };
      toast.toast({
        content: (
          <Said>
            <span>{said}</span>
            <Button variant="link" size="sm" onClick={once}>
              {t("action.undo")}
            </Button>
          </Said>
        ),
        variant: "success",
        delay: SHOWN_MS,
      });
    },
    [toast, t],
  );
}
