import { faDownload } from "@fortawesome/free-solid-svg-icons";
import React, { useState } from "react";
import { Button, Form, Modal } from "react-bootstrap";
import type { Model } from "../../schemas/models.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useText } from "../../text/text.ts";
import { isForFaces, Licence } from "./ModelCard.tsx";
import { Wrong } from "./Wrong.tsx";

interface Props {
  model: Model;
  /** Once it is there it is used by itself. */
  becomesDefault: boolean;
  onClose(): void;
  onAgree(): void;
}

/** Behind the name of a file whose checksum its source does not state. */
const UNPUBLISHED = ":unknown";

/** A model's licence is agreed to by its owner, not by us. */
export function DownloadDialog({ model, becomesDefault, onClose, onAgree }: Props) {
  const { t, bytes } = useText();
  const [hasAgreed, setHasAgreed] = useState(false);
  return (
    <Modal show centered onHide={onClose} aria-labelledby="sense-download-title" className="sense-download">
      <Modal.Header>
        <span id="sense-download-title">
          <Icon icon={faDownload} /> {t("settings.download.title", { id: model.id })}
        </span>
      </Modal.Header>
      <Modal.Body>
        <dl>
          <dt>{t("settings.models.licence")}</dt>
          <dd>
            <Licence model={model} />
          </dd>
          <dt>{t("settings.models.source")}</dt>
          <dd>
            {model.source}
            {model.revision && ` (${model.revision})`}
          </dd>
          <dt>{t("settings.models.size")}</dt>
          <dd>{bytes(model.size_bytes)}</dd>
          {model.checksums.length > 0 && (
            <>
              <dt>{t("settings.download.checksums")}</dt>
              {model.checksums.map((checksum) => (
                <dd key={checksum} className="sense-checksum">
                  {checksum.endsWith(UNPUBLISHED)
                    ? t("settings.download.unpublished", { file: checksum.slice(0, -UNPUBLISHED.length) })
                    : checksum}
                </dd>
              ))}
            </>
          )}
        </dl>
        <p className="text-muted">{t("settings.download.about")}</p>
        {becomesDefault && <p>{t(`settings.download.default.${isForFaces(model) ? "face" : "image_text"}`)}</p>}
        <Form.Check
          id="sense-download-agree"
          label={t("settings.download.agree", { licence: model.licence })}
          checked={hasAgreed}
          disabled={!model.licence}
          onChange={() => setHasAgreed(!hasAgreed)}
        />
        {!model.licence && <Wrong>{t("settings.download.unknown")}</Wrong>}
      </Modal.Body>
      <Modal.Footer>
        <Button variant="secondary" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button variant="primary" disabled={!hasAgreed} onClick={onAgree}>
          {t("settings.models.download")}
        </Button>
      </Modal.Footer>
    </Modal>
  );
}
