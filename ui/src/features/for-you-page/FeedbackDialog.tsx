import React, { useState } from "react";
import { Button, Modal } from "react-bootstrap";
import { Link } from "react-router-dom";
import { pluginApi } from "../../host/pluginApi.ts";
import { call } from "../../operations.ts";
import { Loading } from "../../shared/Loading.tsx";
import { pathOf } from "../../shared/media.ts";
import { Problem, sentence } from "../../shared/Problem.tsx";
import { forget } from "../../shared/recommend/useFeedback.ts";
import { useAction, useOperation } from "../../shared/useOperation.ts";
import { useText } from "../../text/text.ts";

/** All that was said of scenes, each with the way back. */
export function FeedbackDialog({ onClose }: { onClose(): void }) {
  const text = useText();
  const { t } = text;
  const toast = pluginApi().hooks.useToast();
  const { data, error, reload } = useOperation("recommend.feedback_list", {});
  const [gone, setGone] = useState<ReadonlySet<number>>(new Set());
  const takeBack = useAction(
    async (scene_id: number) => {
      await call("recommend.feedback", { scene_id, verdict: "none" });
      forget(scene_id);
      setGone((before) => new Set(before).add(scene_id));
    },
    (problem) => toast.error(sentence(text, problem)),
  );
  const shown = data?.feedback.filter(({ scene_id }) => !gone.has(scene_id));
  return (
    <Modal show onHide={onClose} scrollable aria-labelledby="sense-said">
      <Modal.Header>
        <span id="sense-said">{t("for_you.feedback")}</span>
      </Modal.Header>
      <Modal.Body>
        {error && <Problem error={error} again={reload} />}
        {!shown && !error && <Loading />}
        {shown?.length === 0 && <p className="text-muted">{t("for_you.feedback.none")}</p>}
        <ul className="list-unstyled sense-said">
          {shown?.map(({ scene_id, title, verdict, at_s }) => (
            <li key={scene_id}>
              <span>
                <Link to={pathOf("scene", scene_id)}>{title || `#${scene_id}`}</Link>{" "}
                <span className="text-muted">
                  {t(`for_you.said.${verdict}`)}, {text.ago(at_s)}
                </span>
              </span>
              <Button
                variant="secondary"
                size="sm"
                disabled={takeBack.busy}
                aria-label={t("for_you.take_back.of", { title })}
                onClick={() => void takeBack.run(scene_id)}
              >
                {t("for_you.take_back")}
              </Button>
            </li>
          ))}
        </ul>
      </Modal.Body>
      <Modal.Footer>
        <Button variant="secondary" onClick={onClose}>
          {t("action.close")}
        </Button>
      </Modal.Footer>
    </Modal>
  );
}
