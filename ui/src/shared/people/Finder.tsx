/** Who is it? Performers of Stash by name, those of stash-boxes where the owner asks for them, or somebody new. */
import { faPlus, faSearch, faUser } from "@fortawesome/free-solid-svg-icons";
import React, { useEffect, useRef, useState } from "react";
import { Button, Form, InputGroup } from "react-bootstrap";
import type { Found } from "../../schemas/people.ts";
import { useText } from "../../text/text.ts";
import { Icon } from "../Icon.tsx";
import { Loading } from "../Loading.tsx";
import { Problem } from "../Problem.tsx";
import { useOperation } from "../useOperation.ts";

export type Chosen = { name: string } & (
  | { way: "known"; key: string }
  | { way: "performer"; performer_id: number }
  | { way: "box"; endpoint: string; id: string }
  | { way: "new" }
);

const TYPING_MS = 300;
const LEAST = 2;

interface Props {
  busy: boolean;
  /** What is looked for at first. */
  words?: string;
  onChoose(chosen: Chosen): void;
}

export function Finder({ busy, words: first = "", onChoose }: Props) {
  const text = useText();
  const { t } = text;
  const [typed, setTyped] = useState(first);
  const [words, setWords] = useState(first.trim());
  // A stash-box is told the name that is looked for: only where its owner wants that.
  const [boxes, setBoxes] = useState(false);
  const list = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    const timer = window.setTimeout(() => setWords(typed.trim()), TYPING_MS);
    return () => window.clearTimeout(timer);
  }, [typed]);
  const enabled = words.length >= LEAST;
  const { data, error, loading, reload } = useOperation("people.find", { words, boxes }, { enabled });

  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [...(list.current?.querySelectorAll<HTMLElement>("input, .sense-found button") ?? [])];
    const at = stops.indexOf(document.activeElement as HTMLElement);
    stops[Math.min(Math.max(at + (event.key === "ArrowDown" ? 1 : -1), 0), stops.length - 1)]?.focus();
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <fieldset ref={list} className="sense-finder" aria-label={t("people.find")} onKeyDown={onKeyDown}>
      <InputGroup size="sm">
        <Form.Control
          size="sm"
          type="search"
          className="text-input"
          value={typed}
          placeholder={t("people.find.words")}
          aria-label={t("people.find.words")}
          autoFocus
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            // Asked for were the words that stood there.
            setBoxes(false);
          }}
        />
      </InputGroup>
      {error && <Problem error={error} again={reload} />}
      {data?.problems.map((problem) => (
        <div key={problem} className="text-warning">
          {problem}
        </div>
      ))}
      {enabled && loading && !data && <Loading inline />}
      {enabled && data && <Results data={data} busy={busy} onChoose={onChoose} />}
      {enabled && boxes && !loading && data && data.boxes.length + data.problems.length === 0 && (
        <p className="text-muted">{t("people.find.boxes.none")}</p>
      )}
      {enabled && (
        <div className="sense-finder-more">
          <Button variant="secondary" size="sm" disabled={busy} onClick={() => onChoose({ way: "new", name: words })}>
            <Icon icon={faPlus} /> {t("people.find.new", { name: words })}
          </Button>
          {!boxes && (
            <Button variant="secondary" size="sm" title={t("people.find.boxes.about")} onClick={() => setBoxes(true)}>
              <Icon icon={faSearch} /> {t("people.find.boxes")}
            </Button>
          )}
        </div>
      )}
    </fieldset>
  );
}

function Results({ data, busy, onChoose }: { data: Found; busy: boolean; onChoose(chosen: Chosen): void }) {
  const { t } = useText();
  if (data.performers.length + data.boxes.length === 0) {
    return <p className="text-muted">{t("people.find.none")}</p>;
  }
  return (
    <ul className="sense-found" aria-label={t("people.find.results")}>
      {data.performers.map(({ id, name, disambiguation, picture }) => (
        <li key={id}>
          <button type="button" disabled={busy} onClick={() => onChoose({ way: "performer", performer_id: id, name })}>
            <PerformerPicture address={picture} />
            <Named name={name} disambiguation={disambiguation} />
          </button>
        </li>
      ))}
      {data.boxes.map(({ endpoint, box, id, name, disambiguation }) => (
        <li key={`${endpoint}|${id}`}>
          <button type="button" disabled={busy} onClick={() => onChoose({ way: "box", endpoint, id, name })}>
            <PerformerPicture address="" />
            <Named name={name} disambiguation={disambiguation} />
            <span className="badge badge-secondary">{box}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function Named({ name, disambiguation }: { name: string; disambiguation: string }) {
  return (
    <span className="sense-found-name">
      {name} {disambiguation && <span className="text-muted">({disambiguation})</span>}
    </span>
  );
}

/** As Stash shows a performer. Only from Stash itself. */
function PerformerPicture({ address }: { address: string }) {
  const [isBroken, setBroken] = useState(false);
  const place = ownAddress(address);
  return (
    <span className="sense-face sense-found-picture">
      {place && !isBroken ? (
        <img src={place} alt="" loading="lazy" onError={() => setBroken(true)} />
      ) : (
        <Icon icon={faUser} />
      )}
    </span>
  );
}

function ownAddress(address: string): string | undefined {
  try {
    const url = new URL(address, document.baseURI);
    return address && url.host === window.location.host ? url.href : undefined;
  } catch {
    return undefined;
  }
}
