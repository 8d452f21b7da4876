import React, { useState } from "react";
import { Button, Col, Form, Row } from "react-bootstrap";
import { useKeys } from "../../frame/shortcuts.ts";
import { useToast } from "../../frame/Toasts.tsx";
import { client } from "../../graphql/client.ts";
import {
  FindScenesDocument,
  FindTagsDocument,
  ScenesDestroyDocument,
  SceneUpdateDocument,
} from "../../graphql/documents.ts";
import { evictQueries } from "../../graphql/service.ts";
import type { Scene } from "../../graphql/types.ts";
import { AlertModal } from "../../shared/AlertModal.tsx";
import { DateInput } from "../../shared/DateInput.tsx";
import { PerformerIDSelect } from "../../shared/PerformerSelect.tsx";
import { TagIDSelect } from "../../shared/TagSelect.tsx";

const ids = (things: { id: string }[]) => things.map((thing) => thing.id);

function Field({ name, title, children }: { name: string; title: string; children: React.ReactNode }) {
  return (
    <Form.Group as={Row} controlId={name} data-field={name}>
      <Form.Label column sm={3} xl={2}>
        {title}
      </Form.Label>
      <Col sm={9} xl={7}>
        {children}
      </Col>
    </Form.Group>
  );
}

interface Props {
  scene: Scene;
  isVisible: boolean;
  onDelete?: () => void;
}

export function SceneEditPanel({ scene, onDelete }: Props) {
  const [title, setTitle] = useState(scene.title ?? "");
  const [date, setDate] = useState(scene.date ?? "");
  const [details, setDetails] = useState(scene.details ?? "");
  const [tagIds, setTagIds] = useState(ids(scene.tags));
  const [performerIds, setPerformerIds] = useState(ids(scene.performers));
  const [deleting, setDeleting] = useState(false);
  const toast = useToast();
  const save = async () => {
    const input = { id: scene.id, title, date, details, tag_ids: tagIds, performer_ids: performerIds };
    try {
      await client.mutate({ mutation: SceneUpdateDocument, variables: { input } });
      evictQueries(client.cache, [FindScenesDocument, FindTagsDocument]);
      toast.success("Updated scene");
    } catch (error) {
      toast.error(error);
    }
  };
  const remove = async () => {
    setDeleting(false);
    try {
      await client.mutate({ mutation: ScenesDestroyDocument, variables: { ids: [scene.id] } });
      evictQueries(client.cache, [FindScenesDocument]);
      onDelete?.();
    } catch (error) {
      toast.error(error);
    }
  };
  useKeys({ "s s": save, "d d": () => setDeleting(true) });
  return (
    <div id="scene-edit-details">
      <Form noValidate onSubmit={(event) => event.preventDefault()}>
        <Row className="form-container edit-buttons-container px-3 pt-3">
          <div className="edit-buttons mb-3 pl-0">
            <Button className="edit-button" variant="primary" onClick={save}>
              Save
            </Button>
            <Button className="edit-button" variant="danger" onClick={() => setDeleting(true)}>
              Delete
            </Button>
          </div>
        </Row>
        <Row className="form-container px-3">
          <Col lg={7} xl={12}>
            <Field name="title" title="Title">
              <Form.Control
                className="text-input"
                value={title}
                onChange={(event) => setTitle(event.currentTarget.value)}
              />
            </Field>
            <Field name="date" title="Date">
              <DateInput value={date} onValueChange={setDate} />
            </Field>
            <Field name="performer_ids" title="Performers">
              <PerformerIDSelect isMulti ids={performerIds} onSelect={(chosen) => setPerformerIds(ids(chosen))} />
            </Field>
            <Field name="tag_ids" title="Tags">
              <TagIDSelect isMulti ids={tagIds} onSelect={(chosen) => setTagIds(ids(chosen))} />
            </Field>
            <Field name="details" title="Details">
              <Form.Control
                as="textarea"
                className="scene-description text-input"
                value={details}
                onChange={(event) => setDetails(event.currentTarget.value)}
              />
            </Field>
          </Col>
        </Row>
      </Form>
      <AlertModal show={deleting} text="Delete this scene?" onConfirm={remove} onCancel={() => setDeleting(false)} />
    </div>
  );
}
