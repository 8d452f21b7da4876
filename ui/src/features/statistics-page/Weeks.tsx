import React from "react";
import type { Statistics } from "../../schemas/history.ts";
import { useWidth } from "../../shared/useWidth.ts";
import { useText } from "../../text/text.ts";
import { bars, months, ticks } from "./scales.ts";
import { span } from "./Top.tsx";

const HEIGHT = 150;
const LEFT = 44;
const TOP = 8;
const BOTTOM = 22;
const MONTH_PX = 42;
const NOON_S = 12 * 3600;

/** Hours per week, as bars; for who cannot see them, as a table. */
export function Weeks({ weeks: told }: { weeks: Statistics["weeks"] }) {
  // Weeks begin by today's distance from UTC: noon is of the same day in summer and in winter.
  const weeks = told.map((week) => ({ ...week, start_s: week.start_s + NOON_S }));
  const text = useText();
  const { t, intl } = text;
  const [place, width] = useWidth<HTMLDivElement>();
  const inner = Math.max(width - LEFT, 0);
  const axis = ticks(Math.max(...weeks.map(({ hours }) => hours), 0), 3);
  const top = axis[axis.length - 1] ?? 1;
  const drawn = bars(
    weeks.map(({ hours }) => hours),
    top,
    inner,
    HEIGHT,
  );
  const startOf = (n: number) => (weeks[n]?.start_s ?? 0) * 1000;
  // Where a year begins, it is named in place of its month.
  const isOtherYear = (n: number, before: number | undefined) =>
    before !== undefined && new Date(startOf(n)).getFullYear() !== new Date(startOf(before)).getFullYear();
  const yOf = (value: number) => TOP + HEIGHT * (1 - value / top);
  const named = months(
    weeks.map(({ start_s }) => start_s),
    inner,
    MONTH_PX,
  );
  return (
    <section className="card" aria-labelledby="sense-weeks">
      <h2 id="sense-weeks">{t("statistics.by_week")}</h2>
      <div ref={place} className="sense-plot">
        {width > 0 && (
          <svg width={width} height={TOP + HEIGHT + BOTTOM} aria-hidden="true" focusable="false">
            {axis.map((value) => (
              <g key={value}>
                <line className="sense-grid" x1={LEFT} x2={width} y1={yOf(value)} y2={yOf(value)} />
                <text x={LEFT - 8} y={yOf(value)} dy="0.35em" textAnchor="end">
                  {text.number(value, 2)}
                </text>
              </g>
            ))}
            {drawn.map((bar, n) => {
              const week = weeks[n];
              return week ? (
                <rect
                  key={week.start_s}
                  className="sense-plot-bar"
                  x={LEFT + bar.x}
                  y={TOP + bar.y}
                  width={bar.width}
                  height={bar.height}
                >
                  <title>{t("statistics.week", { when: text.day(week.start_s), time: span(text, week.hours) })}</title>
                </rect>
              ) : null;
            })}
            {named.map((n, place) => (
              <text key={n} x={LEFT + (n * inner) / weeks.length} y={TOP + HEIGHT + 16}>
                {intl.formatDate(
                  startOf(n),
                  isOtherYear(n, named[place - 1]) ? { year: "numeric" } : { month: "short" },
                )}
              </text>
            ))}
          </svg>
        )}
      </div>
      <div className="sense-visually-hidden">
        <table>
          <caption>{t("statistics.by_week")}</caption>
          <tbody>
            {weeks.map(({ start_s, hours }) => (
              <tr key={start_s}>
                <th scope="row">{text.day(start_s)}</th>
                <td>{span(text, hours)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
