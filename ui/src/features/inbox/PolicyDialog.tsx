import { faScaleBalanced } from "@fortawesome/free-solid-svg-icons";
import React from "react";
import { Button, Modal } from "react-bootstrap";
import type { Output } from "../../operations.ts";
import type { PolicyRow } from "../../schemas/policy.ts";
import { Icon } from "../../shared/Icon.tsx";
import { Loading } from "../../shared/Loading.tsx";
import { Problem } from "../../shared/Problem.tsx";
import { useOperation } from "../../shared/useOperation.ts";
import { type Text, useText } from "../../text/text.ts";
import type { Mode } from "./PolicyMenu.tsx";

interface Props {
  /** The label's policy as it would be. */
  row: PolicyRow;
  mode: Mode;
  onClose(): void;
  onSave(andJudge: boolean): void;
}

/** What another policy would do to what is analysed already, and whether it shall. */
export function PolicyDialog({ row, mode, onClose, onSave }: Props) {
  const text = useText();
  const { t } = text;
  const preview = useOperation("policy.preview", { rows: [row] });
  return (
    <Modal show onHide={onClose} aria-labelledby="sense-inbox-policy-title">
      <Modal.Header>
        <span>
          <Icon icon={faScaleBalanced} />
          <span id="sense-inbox-policy-title">{t(`inbox.policy.${mode}.title`, { label: row.label })}</span>
        </span>
      </Modal.Header>
      <Modal.Body>
        <p>{t(`inbox.policy.${mode}.about`)}</p>
        {preview.error && <Problem error={preview.error} again={preview.reload} />}
        {preview.data ? <p className="mb-0">{effect(text, mode, preview.data)}</p> : !preview.error && <Loading />}
      </Modal.Body>
      <Modal.Footer>
        <Button variant="secondary" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button variant="secondary" onClick={() => onSave(false)}>
          {t("inbox.policy.from_now")}
        </Button>
        <Button variant="primary" onClick={() => onSave(true)}>
          {t("inbox.policy.judge")}
        </Button>
      </Modal.Footer>
    </Modal>
  );
}

function effect({ t }: Text, mode: Mode, { labels }: Output<"policy.preview">): string {
  const [one] = labels;
  if (!one) return t("inbox.policy.effect.none");
  const now = one.pending.now.tags + one.pending.now.markers;
  const then = one.pending.then.tags + one.pending.then.markers;
  const said = t(`inbox.policy.${mode}.effect`, {
    tags: one.written.tags,
    markers: one.written.markers,
    gone: Math.max(0, now - then - one.written.tags - one.written.markers),
    waiting: then,
  });
  return [said, one.sentence].filter(Boolean).join(" ");
}
