import React, { useState } from "react";
import { Form } from "react-bootstrap";
import type { Kind } from "../../schemas/common.ts";
import { useText } from "../../text/text.ts";
import { Confirm } from "./Confirm.tsx";
import { useLibrary } from "./useLibrary.ts";

interface Props {
  kinds: readonly Kind[];
  /** Kind -> how many were analysed. */
  analysed: Readonly<Record<string, number>>;
  isBusy: boolean;
  onYes(fresh: boolean): void;
  onNo(): void;
}

/** Before the whole library is analysed: how much that is. */
export function Everything({ kinds, analysed, isBusy, onYes, onNo }: Props) {
  const { t } = useText();
  const [fresh, setFresh] = useState(false);
  const library = useLibrary();
  return (
    <Confirm
      title={t("tasks.start.all")}
      yes={t("tasks.everything.yes")}
      no={t("action.cancel")}
      variant={fresh ? "danger" : "primary"}
      isBusy={isBusy}
      onYes={() => onYes(fresh)}
      onNo={onNo}
    >
      <p>{t("tasks.everything.question")}</p>
      <ul className="sense-everything">
        {kinds.map((kind) => (
          <li key={kind}>
            {t(`tasks.everything.${kind}`, { known: library ? "yes" : "no", count: library?.[kind] ?? 0 })}{" "}
            <span className="text-muted">{t("tasks.everything.analysed", { count: analysed[kind] ?? 0 })}</span>
          </li>
        ))}
      </ul>
      <Form.Check
        custom
        id="sense-everything-fresh"
        label={t("tasks.everything.fresh")}
        checked={fresh}
        onChange={() => setFresh(!fresh)}
      />
      <div className="text-muted sense-everything-fresh">{t("tasks.everything.fresh.about")}</div>
    </Confirm>
  );
}
