import { faCircleQuestion } from "@fortawesome/free-solid-svg-icons";
import React, { type ReactNode } from "react";
import { Button, Modal } from "react-bootstrap";
import { Link } from "react-router-dom";
import type { Item, TagReason } from "../../schemas/recommend.ts";
import { useText } from "../../text/text.ts";
import { Icon } from "../Icon.tsx";
import { pathOf } from "../media.ts";
import { duration } from "../reason.ts";
import { howName, partName, weighed } from "./words.ts";

const MOST_TAGS = 12;

/** All that speaks for a scene, and against it. */
export function WhyDialog({ item, title, onClose }: { item: Item; title: string; onClose(): void }) {
  const text = useText();
  const { t, number } = text;
  const { why } = item;
  const parts = weighed(why.parts);
  const tags = [...why.tags].sort((a, b) => Math.abs(b.score) - Math.abs(a.score)).slice(0, MOST_TAGS);
  const debug = Object.entries(why.debug);
  return (
    <Modal show onHide={onClose} scrollable aria-labelledby="sense-why" dialogClassName="sense-why-dialog">
      <Modal.Header>
        <span id="sense-why">
          <Icon icon={faCircleQuestion} /> {t("recommend.why.of", { title })}
        </span>
      </Modal.Header>
      <Modal.Body tabIndex={0}>
        <p>{why.sentence}</p>
        {why.history.last_s !== undefined && (why.history.watched_s >= 1 || why.history.plays > 0) && (
          <p className="text-muted">
            {t("recommend.why.history", {
              time: duration(text, why.history.watched_s),
              plays: Math.max(why.history.plays, 1),
              last: text.ago(why.history.last_s),
            })}
          </p>
        )}
        {parts.length > 1 && (
          <Part title={t("recommend.why.parts")}>
            <table className="sense-bars">
              <tbody>
                {parts.map(([name, score, share]) => (
                  <Bar key={name} name={partName(text, name)} value={number(score, 3)} share={share} />
                ))}
              </tbody>
              <tfoot>
                <tr>
                  <th scope="row">{t("recommend.why.score")}</th>
                  <td />
                  <td className="sense-bar-value">{number(item.score, 3)}</td>
                </tr>
              </tfoot>
            </table>
            {parts.some(([, score]) => score < 0) && <Against />}
          </Part>
        )}
        {tags.length > 0 && (
          <Part title={t("recommend.why.tags")}>
            <table className="sense-bars">
              <tbody>
                {tags.map((tag) => (
                  <Bar
                    key={`${tag.tag_id} ${tag.name}`}
                    name={tagName(tag)}
                    value={tag.is_timed ? duration(text, tag.seconds) : ""}
                    share={tag.score / Math.max(...tags.map(({ score }) => Math.abs(score)), Number.MIN_VALUE)}
                  />
                ))}
              </tbody>
            </table>
            {tags.some(({ score }) => score < 0) && <Against />}
          </Part>
        )}
        {why.performers.length > 0 && (
          <Part title={t("recommend.why.performers")}>
            <ul className="sense-why-names">
              {why.performers.map(({ id, name }) => (
                <li key={id}>
                  <Link to={`/performers/${id}`}>{name || `#${id}`}</Link>
                </li>
              ))}
            </ul>
          </Part>
        )}
        {why.studio && (
          <Part title={t("recommend.why.studio")}>
            <Link to={`/studios/${why.studio.id}`}>{why.studio.name || `#${why.studio.id}`}</Link>
          </Part>
        )}
        {why.scenes.length > 0 && (
          <Part title={t("recommend.why.scenes")}>
            <ul>
              {why.scenes.map((one) => (
                <li key={`${one.scene_id} ${one.how}`}>
                  <Link to={pathOf("scene", one.scene_id)}>{one.title || `#${one.scene_id}`}</Link>{" "}
                  <span className="text-muted">
                    {t("recommend.why.scene", { how: howName(text, one), similarity: number(one.similarity, 2) })}
                  </span>
                </li>
              ))}
            </ul>
          </Part>
        )}
        {debug.length > 0 && (
          <details className="sense-why-debug">
            <summary>{t("recommend.why.debug")}</summary>
            <pre>{JSON.stringify({ score: item.score, ...why.debug }, null, 2)}</pre>
          </details>
        )}
      </Modal.Body>
      <Modal.Footer>
        <Button variant="secondary" onClick={onClose}>
          {t("action.close")}
        </Button>
      </Modal.Footer>
    </Modal>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="sense-why-part">
      <h6>{title}</h6>
      {children}
    </section>
  );
}

/** What a bar of the other colour means. */
function Against() {
  const { t } = useText();
  return (
    <p className="sense-why-against text-muted" aria-hidden="true">
      <span /> {t("recommend.why.against")}
    </p>
  );
}

function tagName({ tag_id, name }: TagReason): ReactNode {
  return tag_id === null ? name : <Link to={`/tags/${tag_id}`}>{name}</Link>;
}

/** share: of the longest bar; below 0 it speaks against. */
function Bar({ name, value, share }: { name: ReactNode; value: string; share: number }) {
  const { t } = useText();
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className="sense-bar">
        <span className={share < 0 ? "against" : ""} style={{ width: `${Math.abs(share) * 100}%` }} />
        {share < 0 && <span className="sense-visually-hidden">{t("recommend.why.against")}</span>}
      </td>
      <td className="sense-bar-value">{value}</td>
    </tr>
  );
}
