import React from "react";
import { Button, Modal, Table } from "react-bootstrap";
import type { PolicyRow, Previewed } from "../../schemas/policy.ts";
import { Loading } from "../../shared/Loading.tsx";
import { Problem } from "../../shared/Problem.tsx";
import { useOperation } from "../../shared/useOperation.ts";
import { type Text, useText } from "../../text/text.ts";
import { Wrong } from "./Wrong.tsx";

/** The plugin takes no more at once. */
const MOST_ROWS = 5000;

interface Props {
  rows: readonly PolicyRow[];
  onClose(): void;
}

/** What changes that are not saved yet would do. */
export function PreviewDialog({ rows, onClose }: Props) {
  const text = useText();
  const { t } = text;
  const { data, error, reload } = useOperation("policy.preview", { rows: rows.slice(0, MOST_ROWS) });
  return (
    <Modal show size="lg" scrollable onHide={onClose} aria-labelledby="sense-preview-title">
      <Modal.Header closeButton>
        <span id="sense-preview-title">{t("settings.preview.title")}</span>
      </Modal.Header>
      <Modal.Body>
        {error && <Problem error={error} again={reload} />}
        {!data && !error && <Loading />}
        {data && (
          <>
            <p className="text-muted">{t("settings.preview.about")}</p>
            {!(data.complete && rows.length <= MOST_ROWS) && <Wrong>{t("settings.preview.partly")}</Wrong>}
            {data.labels.length === 0 ? (
              <p>{t("settings.preview.nothing")}</p>
            ) : (
              <div className="sense-preview">
                <Table striped size="sm">
                  <thead>
                    <tr>
                      <th scope="col">{t("settings.policy.column.label")}</th>
                      <th scope="col">{t("settings.preview.media")}</th>
                      <th scope="col">{t("settings.preview.tags")}</th>
                      <th scope="col">{t("settings.preview.markers")}</th>
                      <th scope="col">{t("settings.preview.writes")}</th>
                      <th scope="col">{t("settings.preview.takes_back")}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {data.labels.map((one) => (
                      <Row key={one.label} one={one} text={text} />
                    ))}
                  </tbody>
                </Table>
              </div>
            )}
          </>
        )}
      </Modal.Body>
      <Modal.Footer>
        <Button variant="secondary" onClick={onClose}>
          {t("action.close")}
        </Button>
      </Modal.Footer>
    </Modal>
  );
}

function Row({ one, text }: { one: Previewed; text: Text }) {
  const { t } = text;
  const tally = ({ tags, markers }: Previewed["written"]) =>
    tags + markers === 0
      ? ""
      : [
          tags > 0 && t("settings.preview.tags.count", { count: tags }),
          markers > 0 && t("settings.preview.markers.count", { count: markers }),
        ]
          .filter(Boolean)
          .join(", ");
  return (
    <tr>
      <th scope="row">
        {one.label}
        {one.sentence && <small className="text-muted">{one.sentence}</small>}
        {!one.complete && (
          <small className="text-muted">{t("settings.preview.seen", { seen: one.seen, showing: one.showing })}</small>
        )}
      </th>
      <td>{change(text, one.media.now, one.media.then)}</td>
      <td>{change(text, one.pending.now.tags, one.pending.then.tags)}</td>
      <td>{change(text, one.pending.now.markers, one.pending.then.markers)}</td>
      <td>{tally(one.written)}</td>
      <td>{tally(one.taken_back)}</td>
    </tr>
  );
}

/** "4 → 3", or only "4" where nothing changes. */
function change({ t, number }: Text, now: number, then: number): React.ReactNode {
  if (now === then) return <span className="text-muted">{number(now)}</span>;
  return t("settings.preview.change", { now, then });
}
