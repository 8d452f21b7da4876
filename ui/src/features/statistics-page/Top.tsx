import React from "react";
import { Link } from "react-router-dom";
import { useText } from "../../text/text.ts";

interface Row {
  name: string;
  hours: number;
  /** Where Stash shows it. */
  to: string | 0 | null;
}

/** What was watched longest, as a table with bars. */
export function Top({ title, about, rows }: { title: string; about?: string; rows: readonly Row[] }) {
  const text = useText();
  const most = Math.max(...rows.map(({ hours }) => hours), Number.MIN_VALUE);
  if (rows.length === 0) return null;
  return (
    <section className="card">
      <h2>{title}</h2>
      <table className="sense-bars">
        <tbody>
          {rows.map(({ name, hours, to }) => (
            <tr key={`${to} ${name}`}>
              <th scope="row">{to ? <Link to={to}>{name}</Link> : name}</th>
              <td className="sense-bar" aria-hidden="true">
                <span style={{ width: `${(100 * hours) / most}%` }} />
              </td>
              <td className="sense-bar-value">{span(text, hours)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {about && <p className="text-muted">{about}</p>}
    </section>
  );
}

/** "3.4 h", "12 min". */
export function span({ t, number }: ReturnType<typeof useText>, hours: number): string {
  if (hours >= 1) return t("statistics.hours", { value: number(hours, 1) });
  return t("statistics.minutes", { value: number(hours * 60, hours * 60 < 10 ? 1 : 0) });
}
