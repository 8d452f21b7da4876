import React from "react";
import { Button } from "react-bootstrap";
import type { Output } from "../../operations.ts";
import { useText } from "../../text/text.ts";
import type { Recompute } from "./useRecompute.ts";
import { FEW_CASES, isTold } from "./words.ts";

interface Props {
  list: Output<"recommend.list">;
  recompute: Recompute;
}

/** How well each recommender foretold what its owner watched, and the way to measure it anew. */
export function Comparison({ list, recompute }: Props) {
  const { t } = useText();
  return (
    <section className="sense-compare" aria-labelledby="sense-compare">
      <h6 id="sense-compare">{t("recommend.compare")}</h6>
      <Measured list={list} />
      <Button variant="secondary" size="sm" disabled={recompute.isAsked || !!recompute.job} onClick={recompute.begin}>
        {t("recommend.compare.again")}
      </Button>
    </section>
  );
}

function Measured({ list }: Pick<Props, "list">) {
  const { t, number, share } = useText();
  // One that cannot recommend anything now is no worse for that.
  const measured = list.recommenders.flatMap((one) =>
    one.evaluation && one.ready ? [{ ...one, evaluation: one.evaluation }] : [],
  );
  if (measured.length === 0) return <p className="text-muted">{t("recommend.compare.none")}</p>;
  const [first] = measured;
  const sorted = [...measured].sort((a, b) => b.evaluation.ndcg[0] - a.evaluation.ndcg[0]);
  return (
    <>
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
          {sorted.map((one) => (
            <tr key={one.id} className={one.id === list.best && isTold(one) ? "best" : ""}>
              <th scope="row">{one.label}</th>
              <td className="sense-bar" aria-hidden="true">
                <span style={{ width: share(one.evaluation.hit_rate[0]) }} />
              </td>
              <td className="sense-bar-value">
                {t("recommend.compare.value", {
                  hits: number(one.evaluation.hit_rate[0] * 10, 1),
                  low: number(one.evaluation.hit_rate[1] * 10, 1),
                  high: number(one.evaluation.hit_rate[2] * 10, 1),
                })}
              </td>
              <td className="sense-bar-value">{share(one.evaluation.coverage)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="text-muted">
        {t("recommend.compare.about", { cases: first?.evaluation.cases ?? 0 })}{" "}
        {(first?.evaluation.cases ?? 0) < FEW_CASES && t("recommend.compare.few")}
      </p>
    </>
  );
}
