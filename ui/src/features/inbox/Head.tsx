import { faArrowLeft, faList, faTableCellsLarge } from "@fortawesome/free-solid-svg-icons";
import React, { type ReactNode } from "react";
import { Button, ButtonGroup } from "react-bootstrap";
import { Link } from "react-router-dom";
import { Icon } from "../../shared/Icon.tsx";
import { pathOf } from "../../shared/media.ts";
import { parseMedium } from "../../shared/mediumKey.ts";
import type { Asked } from "../../shared/useOperation.ts";
import { useText } from "../../text/text.ts";
import { Choice } from "./Filters.tsx";
import { titleOf } from "./GroupList.tsx";
import type { Group } from "./groups.ts";
import { PolicyMenu } from "./PolicyMenu.tsx";
import { formatQuery, ORDERS, orderOf, type Query, VIEWS } from "./query.ts";
import { agreedText } from "./Row.tsx";
import type { ChangeQuery } from "./useQuery.ts";

interface Props {
  query: Query;
  change: ChangeQuery;
  group: Group | undefined;
  total: number;
  policies: Asked<"policy.list">;
  isCards: boolean;
  isNarrow: boolean;
  /** What is open are performers, who have no policy. */
  isPeople: boolean;
  /** What can be done with all of them, or with those that are ticked. */
  children: ReactNode;
}

/** What is open: its name, how the owner agreed with it so far, what is done with it from now on. */
export function Head({ query, change, group, total, policies, isCards, isNarrow, isPeople, children }: Props) {
  const text = useText();
  const { t } = text;
  const medium = group && query.by === "medium" ? parseMedium(group.key) : undefined;
  const title = group ? titleOf(text, query.by, group) : t("inbox.all");
  return (
    <header className="sense-inbox-head">
      <div className="sense-inbox-head-line">
        {isNarrow && (
          <Link
            to={{ search: formatQuery({ ...query, group: "" }) }}
            className="btn btn-secondary btn-sm"
            aria-label={t("inbox.back")}
          >
            <Icon icon={faArrowLeft} />
          </Link>
        )}
        <h5 title={title}>
          {medium ? <Link to={pathOf(medium.kind, medium.media_id)}>{title}</Link> : <span>{title}</span>}
        </h5>
        <span className="text-muted sense-inbox-head-note">
          {[
            group?.category,
            t("inbox.count", { count: total }),
            query.by === "label" ? agreedText(text, group?.agreed) : "",
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
        <div className="sense-inbox-head-tools">
          {group && query.by === "label" && !isPeople && <PolicyMenu label={group.key} policies={policies} />}
          <Choice
            label={t("inbox.order")}
            value={orderOf(query)}
            onChange={(order) => change({ order }, "push")}
            options={ORDERS.map((order) => [order, t(`inbox.order.${order}`)] as const)}
          />
          <ButtonGroup size="sm" aria-label={t("inbox.view")}>
            {VIEWS.map((view) => (
              <Button
                key={view}
                variant="secondary"
                active={(view === "cards") === isCards}
                aria-pressed={(view === "cards") === isCards}
                aria-label={t(`inbox.view.${view}`)}
                title={t(`inbox.view.${view}`)}
                onClick={() => change({ view }, "replace")}
              >
                <Icon icon={view === "cards" ? faTableCellsLarge : faList} />
              </Button>
            ))}
          </ButtonGroup>
        </div>
      </div>
      {children}
    </header>
  );
}
