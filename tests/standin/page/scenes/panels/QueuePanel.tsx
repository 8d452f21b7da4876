import { faRandom, faStepBackward, faStepForward } from "@fortawesome/free-solid-svg-icons";
import React from "react";
import { Button, Form } from "react-bootstrap";
import { Icon } from "../../shared/Icon.tsx";
import { objectTitle, timestamp } from "../../shared/text.ts";
import type { ScenePageProps } from "../ScenePage.tsx";

export function QueuePanel(props: ScenePageProps) {
  const { scene, queueScenes, onQueueNext, onQueuePrevious, onQueueRandom, onQueueSceneClicked } = props;
  const at = queueScenes.findIndex((one) => one.id === scene.id);
  return (
    <div className="queue-viewer">
      <div className="queue-controls">
        <Form.Check
          id="continue-checkbox"
          checked={props.continuePlaylist}
          label="Continue playlist"
          onChange={(event) => props.setContinuePlaylist(event.currentTarget.checked)}
        />
        <div>
          {at > 0 && (
            <Button className="minimal" variant="secondary" title="Previous" onClick={onQueuePrevious}>
              <Icon icon={faStepBackward} />
            </Button>
          )}
          {at + 1 < queueScenes.length && (
            <Button className="minimal" variant="secondary" title="Next" onClick={onQueueNext}>
              <Icon icon={faStepForward} />
            </Button>
          )}
          <Button className="minimal" variant="secondary" title="Random" onClick={onQueueRandom}>
            <Icon icon={faRandom} />
          </Button>
        </div>
      </div>
      <ol start={props.queueStart}>
        {queueScenes.map((one) => (
          <li key={one.id} className={`my-2 ${one.id === scene.id ? "current" : ""}`}>
            <button type="button" className="queue-scene btn minimal" onClick={() => onQueueSceneClicked(one.id)}>
              <img loading="lazy" alt="" src={one.paths.screenshot ?? ""} />
              <span className="queue-scene-details">
                <span className="queue-scene-title">{objectTitle(one)}</span>
                <span className="queue-scene-date">{one.date}</span>
                <span>{one.files[0] && timestamp(one.files[0].duration)}</span>
              </span>
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}
