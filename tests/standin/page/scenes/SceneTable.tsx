/** Scenes as rows. No card is drawn here, so nothing that plugins hang on cards is. */
import React from "react";
import { Table } from "react-bootstrap";
import { Link } from "react-router-dom";
import type { SlimScene } from "../graphql/types.ts";
import type { Selection } from "../lists/selection.ts";
import { TagLink } from "../shared/TagLink.tsx";
import { objectTitle, resolution, timestamp } from "../shared/text.ts";
import type { SceneQueue } from "./queue.ts";

export function SceneTable({
  scenes,
  queue,
  selection,
}: {
  scenes: SlimScene[];
  queue: SceneQueue;
  selection: Selection;
}) {
  return (
    <div className="row scene-table table-list justify-content-center">
      <div className="table-responsive">
        <Table striped bordered>
          <thead>
            <tr>
              <th className="select-col" aria-label="Selected" />
              <th>Title</th>
              <th>Date</th>
              <th>Duration</th>
              <th>Tags</th>
              <th>Resolution</th>
            </tr>
          </thead>
          <tbody>
            {scenes.map((scene) => (
              <tr key={scene.id}>
                <td className="select-col">
                  <input
                    type="checkbox"
                    aria-label={`Select ${objectTitle(scene)}`}
                    checked={selection.ids.has(scene.id)}
                    onChange={(event) => selection.change(scene.id, event.currentTarget.checked, false)}
                  />
                </td>
                <td>
                  <Link to={queue.makeLink(scene.id)}>{objectTitle(scene)}</Link>
                </td>
                <td>{scene.date}</td>
                <td>{scene.files[0] && timestamp(scene.files[0].duration)}</td>
                <td>
                  {scene.tags.map((tag) => (
                    <TagLink key={tag.id} tag={tag} />
                  ))}
                </td>
                <td>{scene.files[0] && resolution(scene.files[0].width, scene.files[0].height)}</td>
              </tr>
            ))}
          </tbody>
        </Table>
      </div>
    </div>
  );
}
