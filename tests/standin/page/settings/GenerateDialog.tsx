/** What is to be generated for selected scenes. Loading it brings the rows of settings along, which is why plugins do. */
import React from "react";
import { Button, Modal } from "react-bootstrap";
import { useToast } from "../frame/Toasts.tsx";
import { mutateMetadataGenerate } from "../graphql/service.ts";
import { BooleanSetting } from "./inputs.tsx";

export function GenerateDialog({ selectedIds, onClose }: { selectedIds?: string[]; onClose: () => void }) {
  const [sprites, setSprites] = React.useState(true);
  const toast = useToast();
  const generate = async () => {
    try {
      await mutateMetadataGenerate({ sprites, sceneIDs: selectedIds });
      toast.success("Started generating");
      onClose();
    } catch (error) {
      toast.error(error);
    }
  };
  return (
    <Modal show onHide={onClose}>
      <Modal.Header>Generate</Modal.Header>
      <Modal.Body>
        <BooleanSetting id="sprites" heading="Scene Scrubber Sprites" checked={sprites} onChange={setSprites} />
      </Modal.Body>
      <Modal.Footer>
        <Button variant="secondary" onClick={onClose}>
          Cancel
        </Button>
        <Button onClick={generate}>Generate</Button>
      </Modal.Footer>
    </Modal>
  );
}
