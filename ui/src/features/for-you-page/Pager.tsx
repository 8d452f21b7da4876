import React from "react";
import { Button } from "react-bootstrap";
import { useText } from "../../text/text.ts";
import type { Query } from "./query.ts";
import type { ChangeQuery } from "./useQuery.ts";

interface Props {
  query: Query;
  trail: readonly string[];
  size: number;
  total: number;
  /** The cursor of the next page. */
  next: string | null;
  change: ChangeQuery;
}

/** On, back, and to the beginning. Who opened somebody's address at a later page knows none before it. */
export function Pager({ query, trail, size, total, next, change }: Props) {
  const { t } = useText();
  if (!next && !query.after) return <p className="sense-pager text-muted">{t("for_you.total", { total })}</p>;
  const go: ChangeQuery = (to, before) => {
    change(to, before);
    window.scrollTo({ top: 0 });
  };
  const last = trail[trail.length - 1];
  return (
    <nav className="sense-pager" aria-label={t("for_you.pages")}>
      <Button variant="secondary" size="sm" disabled={!query.after} onClick={() => go({ after: "", page: 1 })}>
        {t("for_you.first")}
      </Button>
      <Button
        variant="secondary"
        size="sm"
        disabled={last === undefined}
        onClick={() => go({ after: last ?? "", page: query.page - 1 }, trail.slice(0, -1))}
      >
        {t("for_you.previous")}
      </Button>
      <span className="text-muted" role="status">
        {t("for_you.page", { page: query.page, pages: Math.max(Math.ceil(total / size), query.page), total })}
      </span>
      <Button
        variant="secondary"
        size="sm"
        disabled={!next}
        onClick={() => next && go({ after: next, page: query.page + 1 }, [...trail, query.after])}
      >
        {t("for_you.next")}
      </Button>
    </nav>
  );
}
