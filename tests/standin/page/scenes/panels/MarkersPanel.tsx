/** A scene's markers, by primary tag; and a form for a new one. */
import { useQuery } from "@apollo/client";
import { faTrash } from "@fortawesome/free-solid-svg-icons";
import React, { useState } from "react";
import { Button, Card, Form } from "react-bootstrap";
import { useKeys } from "../../frame/shortcuts.ts";
import { useToast } from "../../frame/Toasts.tsx";
import { client } from "../../graphql/client.ts";
import {
  FindSceneMarkersDocument,
  FindSceneMarkerTagsDocument,
  SceneMarkerCreateDocument,
  SceneMarkerDestroyDocument,
} from "../../graphql/documents.ts";
import { evictQueries } from "../../graphql/service.ts";
import type { Marker, Scene, SlimTag } from "../../graphql/types.ts";
import { getPlayer } from "../../player/current.ts";
import { Icon } from "../../shared/Icon.tsx";
import { TagIDSelect } from "../../shared/TagSelect.tsx";
import { range } from "../../shared/text.ts";

export interface MarkersPanelProps {
  scene?: Scene;
  sceneId: string;
  onClickMarker: (marker: Marker) => void;
}

interface Found {
  sceneMarkerTags: { tag: SlimTag; scene_markers: Marker[] }[];
}

/** Let every copy of a scene's markers be read anew. */
function forget(sceneId: string): void {
  client.cache.evict({ id: `Scene:${sceneId}`, fieldName: "scene_markers" });
  evictQueries(client.cache, [FindSceneMarkerTagsDocument, FindSceneMarkersDocument]);
  client.cache.gc();
}

function MarkerForm({ sceneId, onClose }: { sceneId: string; onClose: () => void }) {
  const [title, setTitle] = useState("");
  const [seconds, setSeconds] = useState(() => Math.round(getPlayer()?.currentTime() ?? 0));
  const [tagId, setTagId] = useState<string>();
  const toast = useToast();
  const save = async () => {
    try {
      const variables = { title, seconds, scene_id: sceneId, primary_tag_id: tagId };
      await client.mutate({ mutation: SceneMarkerCreateDocument, variables });
      forget(sceneId);
      onClose();
    } catch (error) {
      toast.error(error);
    }
  };
  return (
    <Form className="scene-markers-form">
      <Form.Group>
        <Form.Label>Title</Form.Label>
        <Form.Control className="text-input" value={title} onChange={(event) => setTitle(event.currentTarget.value)} />
      </Form.Group>
      <Form.Group>
        <Form.Label>Primary Tag</Form.Label>
        <TagIDSelect isMulti={false} ids={tagId ? [tagId] : []} onSelect={([tag]) => setTagId(tag?.id)} />
      </Form.Group>
      <Form.Group>
        <Form.Label>Time</Form.Label>
        <Form.Control
          className="text-input"
          type="number"
          value={seconds}
          onChange={(event) => setSeconds(Number(event.currentTarget.value))}
        />
      </Form.Group>
      <Button variant="primary" disabled={!tagId} onClick={save}>
        Save
      </Button>
      <Button variant="secondary" className="ml-2" onClick={onClose}>
        Cancel
      </Button>
    </Form>
  );
}

export function MarkersPanel({ sceneId, onClickMarker }: MarkersPanelProps) {
  const { data, previousData } = useQuery<Found>(FindSceneMarkerTagsDocument, { variables: { id: sceneId } });
  const [editing, setEditing] = useState(false);
  const toast = useToast();
  useKeys({ n: () => setEditing(true) });

  const remove = async (id: string) => {
    try {
      await client.mutate({ mutation: SceneMarkerDestroyDocument, variables: { id } });
      forget(sceneId);
    } catch (error) {
      toast.error(error);
    }
  };
  if (editing) return <MarkerForm sceneId={sceneId} onClose={() => setEditing(false)} />;
  return (
    <div className="scene-markers-panel">
      <Button onClick={() => setEditing(true)}>Create Marker</Button>
      <div className="primary-tags row mt-3">
        {((data ?? previousData)?.sceneMarkerTags ?? []).map(({ tag, scene_markers: markers }) => (
          <Card key={tag.id} className="primary-card col-12 col-sm-6 col-xl-6">
            <h3>{tag.name}</h3>
            <Card.Body className="primary-card-body">
              {markers.map((marker) => (
                <div key={marker.id} className="scene-marker-row">
                  <hr />
                  <div className="row">
                    <Button variant="link" onClick={() => onClickMarker(marker)}>
                      {marker.title || marker.primary_tag.name}
                    </Button>
                    <Button
                      variant="secondary"
                      className="minimal ml-auto"
                      title="Delete"
                      onClick={() => remove(marker.id)}
                    >
                      <Icon icon={faTrash} />
                    </Button>
                  </div>
                  <div>{range(marker.seconds, marker.end_seconds)}</div>
                  <div className="card-section centered">
                    {marker.tags.map((one) => (
                      <span key={one.id} className="tag-item badge badge-secondary">
                        {one.name}
                      </span>
                    ))}
                  </div>
                </div>
              ))}
            </Card.Body>
          </Card>
        ))}
      </div>
      <div className="wall">
        {((data ?? previousData)?.sceneMarkerTags ?? []).flatMap(({ scene_markers: markers }) =>
          markers.map((marker) => (
            <button
              key={marker.id}
              type="button"
              className="wall-item btn minimal"
              onClick={() => onClickMarker(marker)}
            >
              <video src={marker.stream} poster={marker.screenshot} muted loop playsInline preload="metadata" />
            </button>
          )),
        )}
      </div>
    </div>
  );
}
