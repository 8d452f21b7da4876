import React from "react";
import { Link } from "react-router-dom";
import type { Scene } from "../../graphql/types.ts";
import { TagLink } from "../../shared/TagLink.tsx";

export function DetailsPanel({ scene }: { scene: Scene }) {
  return (
    <>
      <div className="row">
        <div className="col-12 scene-details">
          <h6>
            <span>Created At</span>: {new Date(scene.created_at).toLocaleString("en-GB")}
          </h6>
          <h6>
            <span>Updated At</span>: {new Date(scene.updated_at).toLocaleString("en-GB")}
          </h6>
          {scene.code && (
            <h6>
              <span>Studio Code</span>: {scene.code}
            </h6>
          )}
        </div>
      </div>
      <div className="row">
        <div className="col-12">
          {scene.details && (
            <>
              <h6>Details:</h6>
              <p className="pre">{scene.details}</p>
            </>
          )}
          {scene.tags.length > 0 && (
            <>
              <h6>Tags</h6>
              <div className="wrap-tags">
                {scene.tags.map((tag) => (
                  <TagLink key={tag.id} tag={tag} />
                ))}
              </div>
            </>
          )}
          {scene.performers.length > 0 && (
            <>
              <h6>Performers</h6>
              <div className="row justify-content-center scene-performers">
                {scene.performers.map((performer) => (
                  <div key={performer.id} className="card performer-card grid-card">
                    <Link to={`/performers/${performer.id}`}>
                      <img className="performer-card-image" src={performer.image_path ?? ""} alt="" />
                      <h5>{performer.name}</h5>
                    </Link>
                  </div>
                ))}
              </div>
            </>
          )}
        </div>
      </div>
    </>
  );
}
