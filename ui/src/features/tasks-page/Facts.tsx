import React, { Fragment } from "react";

export interface Fact {
  name: string;
  value: string;
  /** A path or the like, that may be copied. */
  isCode?: boolean;
}

/** Names and values, those without a value left out. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="sense-facts">
      {facts
        .filter(({ value }) => value)
        .map(({ name, value, isCode }) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{isCode ? <code>{value}</code> : value}</dd>
          </Fragment>
        ))}
    </dl>
  );
}
