/** The bar over a list: search, order, page size, display; with something selected, what to do with it. */
import { faCheck, faList, faSortAmountDown, faSortAmountUp, faTh, faTimes } from "@fortawesome/free-solid-svg-icons";
import React, { type ReactNode, useEffect, useState } from "react";
import { Button, ButtonGroup, ButtonToolbar, Form, InputGroup } from "react-bootstrap";
import { Icon } from "../shared/Icon.tsx";
import { type ChangeFilter, type DisplayMode, type ListFilter, PAGE_SIZES } from "./filter.ts";
import type { Selection } from "./selection.ts";

export interface ToolbarProps {
  filter: ListFilter;
  change: ChangeFilter;
  sorts: readonly string[];
  displays?: readonly DisplayMode[];
  zoomable?: boolean;
  selection?: Selection;
  operations?: ReactNode;
}

function Search({ filter, change }: ToolbarProps) {
  const [text, setText] = useState(filter.q);
  useEffect(() => setText(filter.q), [filter.q]);
  useEffect(() => {
    if (text === filter.q) return;
    const timer = window.setTimeout(() => change({ q: text }), 500);
    return () => window.clearTimeout(timer);
  }, [text, filter.q, change]);
  return (
    <InputGroup className="search-term-input">
      <Form.Control
        placeholder="Search…"
        className="query-text-field bg-secondary text-white border-secondary"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </InputGroup>
  );
}

const DISPLAYS = { grid: faTh, list: faList };

export function Toolbar(props: ToolbarProps) {
  const { filter, change, sorts, displays = ["grid"], zoomable, selection, operations } = props;
  if (selection?.ids.size) {
    return (
      <ButtonToolbar className="filtered-list-toolbar has-selection">
        <div className="selected-items-info">
          <Button variant="secondary" className="minimal" onClick={selection.none} title="Select None">
            <Icon icon={faTimes} />
          </Button>
          <span>{selection.ids.size} selected</span>
          <Button variant="link" onClick={selection.all}>
            <Icon icon={faCheck} /> Select All
          </Button>
        </div>
        <div>{operations}</div>
      </ButtonToolbar>
    );
  }
  return (
    <ButtonToolbar className="filtered-list-toolbar">
      <Search {...props} />
      <ButtonGroup className="sort-by-select">
        <Form.Control
          as="select"
          className="btn-secondary"
          aria-label="Sort by"
          value={filter.sort}
          onChange={(event) => change({ sort: event.currentTarget.value })}
        >
          {sorts.map((sort) => (
            <option key={sort} value={sort}>
              {sort.replace(/_/g, " ")}
            </option>
          ))}
        </Form.Control>
        <Button
          variant="secondary"
          title={filter.direction === "ASC" ? "Ascending" : "Descending"}
          onClick={() => change({ direction: filter.direction === "ASC" ? "DESC" : "ASC" })}
        >
          <Icon icon={filter.direction === "ASC" ? faSortAmountUp : faSortAmountDown} />
        </Button>
      </ButtonGroup>
      <Form.Control
        as="select"
        className="page-size-selector btn-secondary"
        aria-label="Items per page"
        value={filter.perPage}
        onChange={(event) => change({ perPage: Number(event.currentTarget.value) })}
      >
        {PAGE_SIZES.map((size) => (
          <option key={size}>{size}</option>
        ))}
      </Form.Control>
      {operations}
      {displays.length > 1 && (
        <ButtonGroup className="display-mode-select">
          {displays.map((display) => (
            <Button
              key={display}
              variant="secondary"
              active={filter.display === display}
              title={display === "grid" ? "Grid" : "List"}
              onClick={() => change({ display })}
            >
              <Icon icon={DISPLAYS[display]} />
            </Button>
          ))}
        </ButtonGroup>
      )}
      {zoomable && filter.display === "grid" && (
        <Form.Control
          className="zoom-slider d-none d-sm-inline-flex"
          type="range"
          aria-label="Size of cards"
          min={0}
          max={3}
          value={filter.zoom}
          onChange={(event) => change({ zoom: Number(event.currentTarget.value) })}
        />
      )}
    </ButtonToolbar>
  );
}
