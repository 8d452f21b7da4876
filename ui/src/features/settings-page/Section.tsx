import React, { type ReactNode } from "react";
import { Card } from "react-bootstrap";
import { Wrong } from "./Wrong.tsx";

interface SectionProps {
  heading: string;
  /** What stands between heading and card. */
  about?: ReactNode;
  children: ReactNode;
}

/** A card of settings under its heading, as on Stash's own pages. */
export function Section({ heading, about, children }: SectionProps) {
  return (
    <section className="setting-section sense-settings-section">
      <h1>{heading}</h1>
      {about && <div className="sub-heading">{about}</div>}
      <Card>{children}</Card>
    </section>
  );
}

interface SettingProps {
  heading: ReactNode;
  /** Id of the control that the heading is the label of. */
  htmlFor?: string;
  about?: ReactNode;
  /** Id of `about`, for the control's aria-describedby. */
  aboutId?: string;
  value?: ReactNode;
  /** What is wrong with it. */
  problem?: string;
  className?: string;
  children?: ReactNode;
}

/** A row: words on the left, a control on the right. */
export function Setting({ heading, htmlFor, about, aboutId, value, problem, className, children }: SettingProps) {
  return (
    <div className={`setting sense-setting ${children ? "" : "sense-setting-alone"} ${className ?? ""}`}>
      <div>
        <h3>{htmlFor ? <label htmlFor={htmlFor}>{heading}</label> : heading}</h3>
        {value !== undefined && <div className="value">{value}</div>}
        {about && (
          <div className="sub-heading" id={aboutId}>
            {about}
          </div>
        )}
        {problem && <Wrong role="alert">{problem}</Wrong>}
      </div>
      <div>{children}</div>
    </div>
  );
}
