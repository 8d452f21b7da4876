import { faFileImport } from "@fortawesome/free-solid-svg-icons";
import React, { useRef, useState } from "react";
import { Alert, Button, Form, Modal } from "react-bootstrap";
import { pluginApi } from "../../host/pluginApi.ts";
import { call, type OperationError, type Output } from "../../operations.ts";
import { Icon } from "../../shared/Icon.tsx";
import { Problem } from "../../shared/Problem.tsx";
import { useAction } from "../../shared/useOperation.ts";
import { useText } from "../../text/text.ts";
import { Wrong } from "./Wrong.tsx";

/** What the plugin takes. */
const MOST_CHARACTERS = 2_000_000;
const MOST_LISTED = 200;

interface Props {
  onClose(): void;
  onDone(): void;
}

/** Policies from a table: first what it would change, then the change. */
export function CsvDialog({ onClose, onDone }: Props) {
  const { t } = useText();
  const toast = pluginApi().hooks.useToast();
  const [csv, setCsv] = useState("");
  const [read, setRead] = useState<Output<"policy.import">>();
  const [error, setError] = useState<OperationError>();
  const latest = useRef(csv);
  latest.current = csv;
  const isTooLong = csv.length > MOST_CHARACTERS;
  const take = (text: string) => {
    setCsv(text);
    setRead(undefined);
    setError(undefined);
  };
  const check = useAction(async () => {
    setError(undefined);
    const found = await call("policy.import", { csv, dry_run: true });
    // What was changed meanwhile is another table, of which nothing is known yet.
    if (latest.current === csv) setRead(found);
  }, setError);
  const apply = useAction(async () => {
    const { changed } = await call("policy.import", { csv, dry_run: false });
    toast.success(t("settings.csv.done", { count: changed.length }));
    onDone();
  }, setError);
  return (
    <Modal show size="lg" scrollable onHide={onClose} aria-labelledby="sense-csv-title">
      <Modal.Header closeButton>
        <span id="sense-csv-title">
          <Icon icon={faFileImport} /> {t("settings.csv.title")}
        </span>
      </Modal.Header>
      <Modal.Body>
        <p className="text-muted">{t("settings.csv.about")}</p>
        <label className="btn btn-secondary sense-csv-file">
          <input
            type="file"
            accept=".csv,text/csv,text/plain"
            className="sense-visually-hidden"
            onChange={(event) => void event.target.files?.[0]?.text().then(take)}
          />
          {t("settings.csv.file")}
        </label>
        <Form.Control
          as="textarea"
          rows={6}
          className="text-input sense-csv-text"
          value={csv}
          spellCheck={false}
          isInvalid={isTooLong}
          aria-label={t("settings.csv.text")}
          placeholder={t("settings.csv.text")}
          onChange={(event) => take(event.target.value)}
        />
        {isTooLong && <Wrong>{t("settings.csv.long")}</Wrong>}
        {error && <Problem error={error} />}
        {read && (
          <div role="status">
            <p>{t("settings.csv.read", { read: read.read, count: read.changed.length })}</p>
            {read.notes.length > 0 && (
              <Alert variant="warning">
                <ul className="sense-csv-notes">
                  {read.notes.slice(0, MOST_LISTED).map((note) => (
                    <li key={note}>{note}</li>
                  ))}
                </ul>
              </Alert>
            )}
            {read.changed.length > 0 && (
              <p className="sense-csv-changed">
                {read.changed.slice(0, MOST_LISTED).map(({ label }) => (
                  <span key={label} className="badge badge-secondary">
                    {label}
                  </span>
                ))}
                {read.changed.length > MOST_LISTED &&
                  t("settings.csv.more", { count: read.changed.length - MOST_LISTED })}
              </p>
            )}
          </div>
        )}
      </Modal.Body>
      <Modal.Footer>
        <Button variant="secondary" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        {read ? (
          <Button variant="primary" disabled={apply.busy || read.changed.length === 0} onClick={() => void apply.run()}>
            {t("settings.csv.apply", { count: read.changed.length })}
          </Button>
        ) : (
          <Button variant="primary" disabled={check.busy || !csv.trim() || isTooLong} onClick={() => void check.run()}>
            {t("settings.csv.check")}
          </Button>
        )}
      </Modal.Footer>
    </Modal>
  );
}
