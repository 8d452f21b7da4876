/** Many scenes at once: tags to add, a rating. */
import { useMutation } from "@apollo/client";
import { faPencilAlt } from "@fortawesome/free-solid-svg-icons";
import React, { useState } from "react";
import { Button, Form, Modal } from "react-bootstrap";
import { useToast } from "../frame/Toasts.tsx";
import { client } from "../graphql/client.ts";
import { BulkSceneUpdateDocument, FindScenesDocument } from "../graphql/documents.ts";
import { evictQueries } from "../graphql/service.ts";
import type { SlimScene } from "../graphql/types.ts";
import { Icon } from "../shared/Icon.tsx";
import { RatingSystem } from "../shared/RatingSystem.tsx";
import { TagIDSelect } from "../shared/TagSelect.tsx";

export function EditScenesDialog({ selected, onClose }: { selected: SlimScene[]; onClose: () => void }) {
  const [tagIds, setTagIds] = useState<string[]>([]);
  const [rating100, setRating] = useState<number | null>(null);
  const [update, { loading }] = useMutation(BulkSceneUpdateDocument);
  const toast = useToast();
  const save = async () => {
    const input = {
      ids: selected.map((scene) => scene.id),
      tag_ids: { ids: tagIds, mode: "ADD" },
      ...(rating100 === null ? {} : { rating100 }),
    };
    try {
      await update({ variables: { input } });
      evictQueries(client.cache, [FindScenesDocument]);
      toast.success("Updated scenes");
      onClose();
    } catch (error) {
      toast.error(error);
    }
  };
  return (
    <Modal show onHide={onClose} className="ModalComponent">
      <Modal.Header>
        <Icon icon={faPencilAlt} />
        <span>Edit Scenes</span>
      </Modal.Header>
      <Modal.Body>
        <Form.Group>
          <Form.Label>Rating</Form.Label>
          <RatingSystem value={rating100} onSetRating={setRating} />
        </Form.Group>
        <Form.Group>
          <Form.Label>Add tags</Form.Label>
          <TagIDSelect isMulti ids={tagIds} onSelect={(tags) => setTagIds(tags.map((tag) => tag.id))} />
        </Form.Group>
      </Modal.Body>
      <Modal.Footer className="ModalFooter">
        <Button variant="secondary" onClick={onClose}>
          Cancel
        </Button>
        <Button variant="primary" onClick={save} disabled={loading}>
          Apply
        </Button>
      </Modal.Footer>
    </Modal>
  );
}
