import React, { type PropsWithChildren, type ReactNode } from "react";
import { Card } from "react-bootstrap";

interface Props {
  id?: string;
  heading?: ReactNode;
  subHeading?: ReactNode;
}

/** A card of setting rows, under a heading. */
export function Section({ id, heading, subHeading, children }: PropsWithChildren<Props>) {
  return (
    <div className="setting-section" id={id}>
      {heading && <h1>{heading}</h1>}
      {subHeading && <div className="sub-heading">{subHeading}</div>}
      <Card>{children}</Card>
    </div>
  );
}
