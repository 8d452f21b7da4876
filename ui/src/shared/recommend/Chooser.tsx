import { faSliders } from "@fortawesome/free-solid-svg-icons";
import React from "react";
import { Button, Form } from "react-bootstrap";
import type { Output } from "../../operations.ts";
import type { Recommender } from "../../schemas/recommend.ts";
import { useText } from "../../text/text.ts";
import { Icon } from "../Icon.tsx";
import { foretold, isTold, nameOf } from "./words.ts";

interface Props {
  list: Output<"recommend.list">;
  /** Its id; one that is not in the list is no choice of anybody's. */
  chosen: string;
  isOpen: boolean;
  onChoose(id: string): void;
  onOpen(): void;
}

/** Which recommender is asked, what it does, and how well. */
export function Chooser({ list, chosen, isOpen, onChoose, onOpen }: Props) {
  const text = useText();
  const { t } = text;
  const one = list.recommenders.find(({ id }) => id === chosen);
  return (
    <div className="sense-chooser">
      <Form.Control
        as="select"
        size="sm"
        className="input-control"
        aria-label={t("recommend.by")}
        value={chosen}
        onChange={(event) => onChoose(event.target.value)}
      >
        {!one && <option value={chosen}>{chosen}</option>}
        {list.recommenders.map((recommender) => (
          <option key={recommender.id} value={recommender.id}>
            {nameOf(text, recommender, list.best)}
          </option>
        ))}
      </Form.Control>
      <Button
        variant="secondary"
        size="sm"
        aria-expanded={isOpen}
        aria-label={t("recommend.options")}
        title={t("recommend.options")}
        onClick={onOpen}
      >
        <Icon icon={faSliders} />
      </Button>
      {one && <About recommender={one} isBest={one.id === list.best} />}
    </div>
  );
}

function About({ recommender, isBest }: { recommender: Recommender; isBest: boolean }) {
  const text = useText();
  const { description, evaluation } = recommender;
  const isWorth = isTold(recommender);
  return (
    <p className="sense-chooser-about text-muted">
      {description} {evaluation && isWorth && foretold(text, evaluation)}{" "}
      {isBest && isWorth && <strong>{text.t("recommend.best")}</strong>}
    </p>
  );
}
