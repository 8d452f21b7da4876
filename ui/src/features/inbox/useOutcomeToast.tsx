import React, { useCallback } from "react";
import { Button } from "react-bootstrap";
import { Link } from "react-router-dom";
import { pluginApi } from "../../host/pluginApi.ts";
import { PAGES } from "../../shared/pages.ts";
import { Said } from "../../shared/Said.tsx";
import { useText } from "../../text/text.ts";
import type { Outcome } from "./outcome.ts";

/** Long enough to be read and to be regretted. */
const SHOWN_MS = 8000;

/** Says what came of decisions, with the way back, and where to look at what is still to be written. */
export function useOutcomeToast(): (outcome: Outcome, undo?: () => void) => void {
  const toast = pluginApi().hooks.useToast();
  const { t } = useText();
  return useCallback(
    ({ verdict, count, queued, failed }, undo) => {
      let isUndone = false;
      const once = () => {
        if (!isUndone) undo?.();
        isUndone = true;
      };
      toast.toast({
        content: (
          <Said className="sense-inbox-toast">
            <span>
              {t(`inbox.said.${verdict}`, { count })}
              {queued > 0 && ` ${t(`inbox.said.queued.${verdict}`, { count: queued })} `}
              {queued > 0 && <Link to={PAGES.tasks.path}>{t("page.tasks")}</Link>}
              {failed.length > 0 && ` ${t("inbox.said.refused", { count: failed.length, first: failed[0] ?? "" })}`}
            </span>
            {undo && count > 0 && (
              <Button variant="secondary" size="sm" onClick={once}>
                {t("action.undo")}
              </Button>
            )}
          </Said>
        ),
        variant: failed.length > 0 ? "warning" : "success",
        delay: SHOWN_MS,
      });
    },
    [toast, t],
  );
}
