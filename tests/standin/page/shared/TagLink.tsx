import React from "react";
import { Badge } from "react-bootstrap";
import { Link } from "react-router-dom";
import type { SlimTag } from "../graphql/types.ts";
import { patchComponent } from "../plugins/patch.tsx";
import { HoverPopover } from "./HoverPopover.tsx";

const PATHS = {
  scene: "/scenes",
  performer: "/performers",
  studio: "/studios",
  gallery: "/galleries",
  image: "/images",
  scene_marker: "/scenes/markers",
} as const;

export interface TagLinkProps {
  tag: SlimTag;
  linkType?: keyof typeof PATHS | "details";
  className?: string;
  hoverPlacement?: "top" | "bottom" | "left" | "right";
  showHierarchyIcon?: boolean;
}

/** Where a list of things with a tag is. */
export function tagAddress(tag: SlimTag, linkType: TagLinkProps["linkType"] = "scene"): string {
  return linkType === "details" ? `/tags/${tag.id}` : `${PATHS[linkType]}?tag=${tag.id}`;
}

export const TagLink = patchComponent<TagLinkProps>(
  "TagLink",
  ({ tag, linkType = "scene", className, hoverPlacement }) => (
    <Badge className={`tag-item tag-link ${className ?? ""}`} variant="secondary">
      <Link to={tagAddress(tag, linkType)}>
        <HoverPopover
          className="tag-popover"
          placement={hoverPlacement ?? "top"}
          content={
            <div className="tag-popover-card">
              <img src={tag.image_path ?? ""} alt="" />
              <h5>{tag.name}</h5>
              {tag.description && <p>{tag.description}</p>}
            </div>
          }
        >
          {tag.name}
        </HoverPopover>
      </Link>
    </Badge>
  ),
);

export function PlainLink({ to, text, className }: { to: string; text: string; className?: string }) {
  return (
    <Badge className={`tag-item ${className ?? ""}`} variant="secondary">
      <Link to={to}>{text}</Link>
    </Badge>
  );
}
