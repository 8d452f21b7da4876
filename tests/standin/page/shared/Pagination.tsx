import React from "react";
import { Button, ButtonGroup } from "react-bootstrap";
import { patchComponent } from "../plugins/patch.tsx";

export interface PaginationProps {
  itemsPerPage: number;
  currentPage: number;
  totalItems: number;
  metadataByline?: React.ReactNode;
  onChangePage: (page: number) => void;
  pagePopupPlacement?: string;
}

export const Pagination = patchComponent<PaginationProps>(
  "Pagination",
  ({ itemsPerPage, currentPage, totalItems, onChangePage }) => {
    const pages = Math.ceil(totalItems / itemsPerPage);
    if (pages <= 1) return <div />;
    const button = (text: string, page: number, disabled: boolean) => (
      <Button variant="secondary" key={text} disabled={disabled} onClick={() => onChangePage(page)}>
        {text}
      </Button>
    );
    return (
      <div className="pagination-container">
        <ButtonGroup className="pagination">
          {button("«", 1, currentPage === 1)}
          {button("<", currentPage - 1, currentPage === 1)}
          <Button variant="secondary" className="page-count" disabled>
            {currentPage} of {pages}
          </Button>
          {button(">", currentPage + 1, currentPage === pages)}
          {button("»", pages, currentPage === pages)}
        </ButtonGroup>
      </div>
    );
  },
);

export const PaginationIndex = patchComponent<PaginationProps>(
  "PaginationIndex",
  ({ itemsPerPage, currentPage, totalItems, metadataByline }) => {
    const first = Math.min((currentPage - 1) * itemsPerPage + 1, totalItems);
    const last = Math.min(first + itemsPerPage - 1, totalItems);
    return (
      <span className="filter-container text-muted paginationIndex center-text">
        {first}-{last} of {totalItems.toLocaleString("en-GB")}
        <br />
        {metadataByline}
      </span>
    );
  },
);
