/** A list page: bar, page index, whatever shows the items, pages. */
import React, { type ReactNode } from "react";
import { ErrorMessage } from "../shared/ErrorMessage.tsx";
import { LoadingIndicator } from "../shared/LoadingIndicator.tsx";
import { Pagination, PaginationIndex } from "../shared/Pagination.tsx";
import { Toolbar, type ToolbarProps } from "./Toolbar.tsx";

export interface ListProps extends ToolbarProps {
  className: string;
  count: number | undefined;
  error?: Error | undefined;
  sidebar?: ReactNode;
  children: ReactNode;
}

export function List({ className, count, error, sidebar, children, ...toolbar }: ListProps) {
  const pages = {
    itemsPerPage: toolbar.filter.perPage,
    currentPage: toolbar.filter.page,
    totalItems: count ?? 0,
    onChangePage: (page: number) => {
      toolbar.change({ page });
      window.scrollTo(0, 0);
    },
  };
  return (
    <div className={`item-list-container ${className}`}>
      <div className={`sidebar-pane ${sidebar ? "" : "hide-sidebar"}`}>
        {sidebar && <div className="sidebar">{sidebar}</div>}
        <div className="sidebar-pane-content">
          <Toolbar {...toolbar} />
          {error && <ErrorMessage error={error.message} />}
          {count === undefined && !error && <LoadingIndicator />}
          {count !== undefined && (
            <>
              <div className="pagination-index-container">
                <Pagination {...pages} />
                <PaginationIndex {...pages} />
              </div>
              {children}
              <div className="pagination-footer">
                <Pagination {...pages} />
              </div>
            </>
          )}
        </div>
      </div>
    </div>
  );
}
