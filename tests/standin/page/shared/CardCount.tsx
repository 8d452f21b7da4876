/** One count at a card's foot, with what is counted in a popover. */
import type { IconDefinition } from "@fortawesome/fontawesome-svg-core";
import React, { type ReactNode } from "react";
import { Button } from "react-bootstrap";
import { HoverPopover } from "./HoverPopover.tsx";
import { Icon } from "./Icon.tsx";

export function CardCount({
  icon,
  count,
  className,
  content,
}: {
  icon: IconDefinition;
  count: number;
  className: string;
  content: ReactNode;
}) {
  if (!count) return null;
  return (
    <HoverPopover className={className} placement="bottom" content={content}>
      <Button className="minimal">
        <Icon icon={icon} />
        <span>{count}</span>
      </Button>
    </HoverPopover>
  );
}
