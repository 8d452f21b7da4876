import { faPlus, faTrash } from "@fortawesome/free-solid-svg-icons";
import React, { type ReactNode } from "react";
import { Button, Form } from "react-bootstrap";
import { pluginApi, type StashProps, stashComponent } from "../../host/pluginApi.ts";
import { useText } from "../../text/text.ts";
import { Icon } from "../Icon.tsx";
import { PRESENCES, type Presence } from "./form.ts";

interface Props<Wish> {
  /** What the rows are about. */
  kind: "tag" | "performer";
  wishes: readonly Wish[];
  row(wish: Wish, n: number, replace: (wish: Wish) => void): ReactNode;
  added: Wish;
  onChange(wishes: readonly Wish[]): void;
}

/** Rows of what is wished, each with its end, and a way to one more. */
export function Wishes<Wish>({ kind, wishes, row, added, onChange }: Props<Wish>) {
  const { t } = useText();
  return (
    <>
      <ul className="sense-wishes">
        {wishes.map((wish, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name, and hold nothing of their own.
          <li key={n}>
            {row(wish, n, (next) => onChange(wishes.map((one, k) => (k === n ? next : one))))}
            <Button
              variant="secondary"
              size="sm"
              className="minimal"
              aria-label={t(`recommend.wish.remove.${kind}`, { number: n + 1 })}
              onClick={() => onChange(wishes.filter((_, k) => k !== n))}
            >
              <Icon icon={faTrash} />
            </Button>
          </li>
        ))}
      </ul>
      <Button variant="secondary" size="sm" onClick={() => onChange([...wishes, added])}>
        <Icon icon={faPlus} /> {t(`recommend.wish.add.${kind}`)}
      </Button>
    </>
  );
}

/** Whether it must be there, should be, or must not. */
export function PresenceSelect({
  value,
  label,
  onChange,
}: {
  value: Presence;
  label: string;
  onChange(value: Presence): void;
}) {
  const { t } = useText();
  return (
    <Form.Control
      as="select"
      size="sm"
      className="input-control"
      aria-label={label}
      value={value}
      onChange={(event) => onChange(PRESENCES.find((one) => one === event.target.value) ?? value)}
    >
      {PRESENCES.map((presence) => (
        <option key={presence} value={presence}>
          {t(`recommend.presence.${presence}`)}
        </option>
      ))}
    </Form.Control>
  );
}

const PLACES = {
  TagIDSelect: ["SceneMarkersPanel", "TagSelect"],
  PerformerIDSelect: ["PerformerSelect"],
} as const;

/** Stash's own control for one tag or performer; a field for its number where this Stash shares none. */
export function OneOf({ name, id, label, value, onChange }: OneOfProps) {
  const { hooks, loadableComponents } = pluginApi();
  const loaders = PLACES[name].flatMap((place) => loadableComponents?.[place] ?? []).slice(0, 1);
  // Which of them this Stash has does not change while the page is open.
  const isLoading = hooks.useLoadComponents?.(loaders) ?? false;
  const Select = stashComponent(name);
  return (
    <div className="sense-wish-one">
      <label className="sense-visually-hidden" htmlFor={id}>
        {label}
      </label>
      {Select ? (
        <Select
          inputId={id}
          isMulti={false}
          creatable={false}
          ids={value === null ? [] : [String(value)]}
          onSelect={([chosen]: StashProps[]) => onChange(chosen ? Number(chosen.id) : null)}
          menuPortalTarget={document.body}
        />
      ) : (
        <Form.Control
          size="sm"
          id={id}
          className="text-input"
          inputMode="numeric"
          // What is typed while Stash's own is on its way would be lost.
          disabled={isLoading}
          value={value ?? ""}
          onChange={(event) => onChange(Number.parseInt(event.target.value, 10) || null)}
        />
      )}
    </div>
  );
}

interface OneOfProps {
  name: keyof typeof PLACES;
  id: string;
  label: string;
  value: number | null;
  onChange(value: number | null): void;
}
