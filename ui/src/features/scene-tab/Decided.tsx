import { faUndo } from "@fortawesome/free-solid-svg-icons";
import React, { useState } from "react";
import { Button, Collapse } from "react-bootstrap";
import type { Suggestion } from "../../schemas/suggestions.ts";
import { range } from "../../shared/format.ts";
import { Icon } from "../../shared/Icon.tsx";
import { type Text, useText } from "../../text/text.ts";
import { nameOf } from "./naming.ts";

interface Props {
  decided: readonly Suggestion[];
  busy: ReadonlySet<number>;
  onUndo(id: number): void;
}

/** What became of the others, folded away, each with the way back. */
export function Decided({ decided, busy, onUndo }: Props) {
  const text = useText();
  const { t } = text;
  const [isOpen, setOpen] = useState(false);
  if (decided.length === 0) return null;
  return (
    <section className="sense-decided">
      <Button variant="link" size="sm" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {t("tab.decided", { count: decided.length })}
      </Button>
      <Collapse in={isOpen} mountOnEnter unmountOnExit>
        <ul className="list-unstyled">
          {decided.map((one) => (
            <li key={one.id} data-suggestion={one.id}>
              <span className="sense-suggestion-name">
                <strong>{one.label}</strong>
                {one.type === "marker" && <span>{range(one.start_s, one.end_s)}</span>}
                <span className="text-muted">{became(text, one)}</span>
              </span>
              {one.state !== "withdrawn" && (
                <Button
                  className="minimal"
                  size="sm"
                  disabled={busy.has(one.id)}
                  title={t("tab.act.undo", { name: nameOf(text, one) })}
                  aria-label={t("tab.act.undo", { name: nameOf(text, one) })}
                  onClick={() => onUndo(one.id)}
                >
                  <Icon icon={faUndo} />
                </Button>
              )}
            </li>
          ))}
        </ul>
      </Collapse>
    </section>
  );
}

function became(text: Text, { state, decided_by }: Suggestion): string {
  if (state === "rejected") return text.t(decided_by === "stash" ? "tab.became.removed" : "tab.became.rejected");
  if (state === "withdrawn") return text.t("tab.became.withdrawn");
  if (state === "accepted") return text.t("tab.became.accepted");
  return text.t(decided_by === "policy" ? "tab.became.policy" : "tab.became.applied");
}
