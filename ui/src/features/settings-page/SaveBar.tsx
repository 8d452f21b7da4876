import React, { type ReactNode } from "react";
import { Button } from "react-bootstrap";
import { useText } from "../../text/text.ts";
import { Guard } from "./Guard.tsx";

interface Props {
  /** How much is not saved; nothing is shown at 0. */
  count: number;
  busy: boolean;
  /** False: something in it cannot be saved as it is. */
  canSave?: boolean;
  onSave(): void;
  onDiscard(): void;
  /** More buttons, before Save. */
  children?: ReactNode;
}

/** Stands at the window's lower edge while there are changes that are not saved, and asks before they are left. */
export function SaveBar({ count, busy, canSave = true, onSave, onDiscard, children }: Props) {
  const { t } = useText();
  return (
    <>
      <Guard when={count > 0} />
      {count > 0 && (
        <section className="sense-save-bar card" aria-label={t("settings.unsaved")}>
          <span>{t("settings.unsaved.count", { count })}</span>
          <div>
            <Button variant="secondary" disabled={busy} onClick={onDiscard}>
              {t("settings.discard")}
            </Button>
            {children}
            <Button variant="primary" disabled={busy || !canSave} onClick={onSave}>
              {t("action.save")}
            </Button>
          </div>
        </section>
      )}
    </>
  );
}
