import { faPlus } from "@fortawesome/free-solid-svg-icons";
import React from "react";
import { Button } from "react-bootstrap";
import { client } from "../../graphql/client.ts";
import { SceneAddODocument, SceneAddPlayDocument } from "../../graphql/documents.ts";
import type { Scene } from "../../graphql/types.ts";
import { Icon } from "../../shared/Icon.tsx";

function Section({ title, times, onAdd }: { title: string; times: string[]; onAdd: () => void }) {
  return (
    <div className="history">
      <div className="history-header">
        <h5>
          <span>{title}</span>
          <span>
            <Button size="sm" variant="minimal" title="Add date" onClick={onAdd}>
              <Icon icon={faPlus} />
            </Button>
          </span>
        </h5>
      </div>
      {times.length ? (
        <ul>
          {times.map((time) => (
            <li key={time}>{new Date(time).toLocaleString("en-GB")}</li>
          ))}
        </ul>
      ) : (
        <div>No {title.toLowerCase()} recorded</div>
      )}
    </div>
  );
}

export function HistoryPanel({ scene }: { scene: Scene }) {
  const add = async (mutation: typeof SceneAddPlayDocument) => {
    await client.mutate({ mutation, variables: { id: scene.id } });
    client.cache.evict({ id: `Scene:${scene.id}` });
  };
  return (
    <div>
      <Section title="Play History" times={scene.play_history} onAdd={() => add(SceneAddPlayDocument)} />
      <Section title="O History" times={scene.o_history} onAdd={() => add(SceneAddODocument)} />
    </div>
  );
}
