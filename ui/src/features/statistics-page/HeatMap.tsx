import React from "react";
import { useWidth } from "../../shared/useWidth.ts";
import { useText } from "../../text/text.ts";
import { shade } from "./scales.ts";
import { span } from "./Top.tsx";

const LEFT = 44;
const ROW = 20;
const BOTTOM = 20;
/** 5 January 2026 was a Monday. */
const MONDAY_MS = Date.UTC(2026, 0, 5);
const DAY_MS = 86_400_000;

/** When it is that somebody watches: hours of the day by days of the week, from Monday. */
export function HeatMap({ hours }: { hours: readonly (readonly number[])[] }) {
  const text = useText();
  const { t, intl } = text;
  const [place, width] = useWidth<HTMLDivElement>();
  const most = Math.max(...hours.flat(), 0);
  const day = (n: number, weekday: "short" | "long") =>
    intl.formatDate(MONDAY_MS + n * DAY_MS, { weekday, timeZone: "UTC" });
  const clock = (hour: number) => `${String(hour).padStart(2, "0")}:00`;
  const cell = Math.max(width - LEFT, 0) / 24;
  return (
    <section className="card" aria-labelledby="sense-when">
      <h2 id="sense-when">{t("statistics.when")}</h2>
      <div ref={place} className="sense-plot">
        {width > 0 && (
          <svg width={width} height={hours.length * ROW + BOTTOM} aria-hidden="true" focusable="false">
            {hours.map((row, weekday) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a weekday is its number.
              <g key={weekday}>
                <text x={LEFT - 8} y={weekday * ROW + ROW / 2} dy="0.35em" textAnchor="end">
                  {day(weekday, "short")}
                </text>
                {row.map((value, hour) => (
                  <rect
                    // biome-ignore lint/suspicious/noArrayIndexKey: an hour is its number.
                    key={hour}
                    className="sense-plot-cell"
                    x={LEFT + hour * cell + 0.5}
                    y={weekday * ROW + 0.5}
                    width={Math.max(cell - 1, 0.5)}
                    height={ROW - 1}
                    fillOpacity={shade(value, most)}
                  >
                    <title>
                      {t("statistics.cell", { day: day(weekday, "long"), hour: clock(hour), time: span(text, value) })}
                    </title>
                  </rect>
                ))}
              </g>
            ))}
            {[0, 6, 12, 18].map((hour) => (
              <text key={hour} x={LEFT + hour * cell} y={hours.length * ROW + 14}>
                {clock(hour)}
              </text>
            ))}
          </svg>
        )}
      </div>
      <div className="sense-visually-hidden">
        <table>
          <caption>{t("statistics.when")}</caption>
          <thead>
            <tr>
              <td />
              {hours[0]?.map((_, hour) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: an hour is its number.
                <th key={hour} scope="col">
                  {clock(hour)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {hours.map((row, weekday) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a weekday is its number.
              <tr key={weekday}>
                <th scope="row">{day(weekday, "long")}</th>
                {row.map((value, hour) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: an hour is its number.
                  <td key={hour}>{span(text, value)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
