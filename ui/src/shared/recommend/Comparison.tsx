import React from "react";
import type { Output } from "../../operations.ts";
import { useText } from "../../text/text.ts";
import { FEW_CASES } from "./words.ts";

/** How well each recommender foretold what its owner watched. */
export function Comparison({ list }: { list: Output<"recommend.list"> }) {
  const { t, number, share } = useText();
  const measured = list.recommenders.flatMap(({ id, label, evaluation }) =>
    evaluation ? [{ id, label, evaluation }] : [],
  );
  if (measured.length === 0) return <p className="text-muted">{t("recommend.compare.none")}</p>;
  const [first] = measured;
  const sorted = [...measured].sort((a, b) => b.evaluation.ndcg[0] - a.evaluation.ndcg[0]);
  return (
    <section className="sense-compare">
      <h6>{t("recommend.compare")}</h6>
      <table className="sense-bars">
        <thead>
          <tr>
            <th scope="col">{t("recommend.compare.name")}</th>
            <th scope="col">{t("recommend.compare.hits")}</th>
            <th scope="col">
              <span className="sense-visually-hidden">{t("recommend.compare.range")}</span>
            </th>
            <th scope="col">{t("recommend.compare.coverage")}</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map(({ id, label, evaluation: { hit_rate, coverage } }) => (
            <tr key={id} className={id === list.best ? "best" : ""}>
              <th scope="row">{label}</th>
              <td className="sense-bar" aria-hidden="true">
                <span style={{ width: share(hit_rate[0]) }} />
              </td>
              <td className="sense-bar-value">
                {t("recommend.compare.value", {
                  hits: number(hit_rate[0] * 10, 1),
                  low: number(hit_rate[1] * 10, 1),
                  high: number(hit_rate[2] * 10, 1),
                })}
              </td>
              <td className="sense-bar-value">{share(coverage)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="text-muted">
        {t("recommend.compare.about", { cases: first?.evaluation.cases ?? 0 })}{" "}
        {(first?.evaluation.cases ?? 0) < FEW_CASES && t("recommend.compare.few")}
      </p>
    </section>
  );
}
