import { faEllipsisH, faPencilAlt, faPlay, faTrash } from "@fortawesome/free-solid-svg-icons";
import React from "react";
import { Button, ButtonGroup, Dropdown } from "react-bootstrap";
import ReactDOM from "react-dom";
import { patchComponent } from "../plugins/patch.tsx";
import { Icon } from "../shared/Icon.tsx";

export interface Operation {
  text: string;
  onClick: () => void;
  isDisplayed?: () => boolean;
  className?: string;
}

export interface SceneListOperationsProps {
  /** How many the list has. */
  items: number;
  hasSelection?: boolean;
  operations?: Operation[];
  onEdit?: () => void;
  onDelete?: () => void;
  onPlay?: () => void;
  onCreateNew?: () => void;
}

export const SceneListOperations = patchComponent<SceneListOperationsProps>(
  "SceneListOperations",
  ({ items, hasSelection, operations = [], onEdit, onDelete, onPlay, onCreateNew }) => {
    const shown = operations.filter((operation) => operation.isDisplayed?.() ?? true);
    const menu = (
      <Dropdown.Menu className="scene-list-operations-dropdown">
        {onCreateNew && !hasSelection && <Dropdown.Item onClick={onCreateNew}>Create Scene</Dropdown.Item>}
        {shown.map((operation) => (
          <Dropdown.Item key={operation.text} className={operation.className} onClick={operation.onClick}>
            {operation.text}
          </Dropdown.Item>
        ))}
      </Dropdown.Menu>
    );
    return (
      <div className="scene-list-operations">
        <ButtonGroup>
          {items > 0 && (
            <Button className="play-button" variant="secondary" title="Play" onClick={onPlay}>
              <Icon icon={faPlay} />
            </Button>
          )}
          {hasSelection && (
            <>
              <Button className="edit-button" variant="secondary" title="Edit" onClick={onEdit}>
                <Icon icon={faPencilAlt} />
              </Button>
              <Button variant="danger" className="delete-button btn-danger-minimal" title="Delete" onClick={onDelete}>
                <Icon icon={faTrash} />
              </Button>
            </>
          )}
          <Dropdown as={ButtonGroup}>
            <Dropdown.Toggle variant="secondary" id="more-menu">
              <Icon icon={faEllipsisH} />
            </Dropdown.Toggle>
            {ReactDOM.createPortal(menu, document.body)}
          </Dropdown>
        </ButtonGroup>
      </div>
    );
  },
);
