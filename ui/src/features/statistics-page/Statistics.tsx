import React from "react";
import { Form } from "react-bootstrap";
import { useHistory, useLocation } from "react-router-dom";
import { SOURCES, type Statistics as Told } from "../../schemas/history.ts";
import { Loading } from "../../shared/Loading.tsx";
import { Problem } from "../../shared/Problem.tsx";
import { Tracking } from "../../shared/recommend/NothingRecommended.tsx";
import { useOperation } from "../../shared/useOperation.ts";
import { useText } from "../../text/text.ts";
import { HeatMap } from "./HeatMap.tsx";
import { Lately } from "./Lately.tsx";
import { formatQuery, parseQuery, type Query, WEEKS } from "./query.ts";
import { Top } from "./Top.tsx";
import { Weeks } from "./Weeks.tsx";

export function Statistics() {
  const { t } = useText();
  const history = useHistory();
  const { search } = useLocation();
  const query = parseQuery(search);
  const change = (to: Partial<Query>) =>
    history.push({ pathname: history.location.pathname, search: formatQuery({ ...query, ...to }) });
  const { data, error, reload } = useOperation("history.statistics", {
    ...query,
    tz_offset_min: -new Date().getTimezoneOffset(),
  });
  return (
    <div className="sense-statistics">
      <div className="sense-statistics-bar">
        <Form.Control
          as="select"
          size="sm"
          className="input-control"
          aria-label={t("statistics.weeks")}
          value={query.weeks}
          onChange={({ target }) => change({ weeks: WEEKS.find((one) => String(one) === target.value) ?? query.weeks })}
        >
          {WEEKS.map((weeks) => (
            <option key={weeks} value={weeks}>
              {t("statistics.weeks.last", { weeks })}
            </option>
          ))}
        </Form.Control>
        <Form.Control
          as="select"
          size="sm"
          className="input-control"
          aria-label={t("statistics.source")}
          value={query.source}
          onChange={({ target }) => change({ source: SOURCES.find((one) => one === target.value) ?? query.source })}
        >
          {SOURCES.map((source) => (
            <option key={source} value={source}>
              {t(`statistics.source.${source.replace("+", "_") as "plugin" | "stash" | "plugin_stash"}`)}
            </option>
          ))}
        </Form.Control>
      </div>
      {error && <Problem error={error} again={reload} />}
      {!data && !error && <Loading />}
      {data && <Body told={data} />}
      {data && data.since_s !== null && query.source !== "stash" && <Lately changed={reload} />}
    </div>
  );
}

function Body({ told }: { told: Told }) {
  const text = useText();
  const { t } = text;
  if (told.total_hours <= 0) {
    return (
      <div className="sense-nothing">
        <p>{told.note || t("statistics.none")}</p>
        <Tracking />
      </div>
    );
  }
  const totals = { hours: told.total_hours, scenes: told.scenes, watches: told.watches };
  return (
    <>
      <dl className="sense-totals">
        {(["hours", "scenes", "watches"] as const).map((name) => (
          <div key={name} className="card">
            <dt>{t(`statistics.total.${name}`)}</dt>
            <dd>{text.number(totals[name], name === "hours" ? 1 : 0)}</dd>
          </div>
        ))}
      </dl>
      {(told.note || told.since_s !== null) && (
        <p className="text-muted">
          {told.note} {told.since_s !== null && t("statistics.since", { when: text.day(told.since_s) })}
        </p>
      )}
      <Weeks weeks={told.weeks} />
      <HeatMap hours={told.by_weekday_hour} />
      <div className="sense-tops">
        <Top
          title={t("statistics.tags")}
          about={t("statistics.tags.about")}
          rows={told.tags.map(({ tag_id, name, hours }) => ({ name, hours, to: tag_id && `/tags/${tag_id}` }))}
        />
        <Top
          title={t("statistics.performers")}
          rows={told.performers.map(({ id, name, hours }) => ({ name, hours, to: `/performers/${id}` }))}
        />
        <Top
          title={t("statistics.studios")}
          rows={told.studios.map(({ id, name, hours }) => ({ name, hours, to: `/studios/${id}` }))}
        />
        <Top
          title={t("statistics.scenes")}
          rows={told.scenes_top.map(({ scene_id, title, hours }) => ({
            name: title || `#${scene_id}`,
            hours,
            to: `/scenes/${scene_id}`,
          }))}
        />
      </div>
    </>
  );
}
