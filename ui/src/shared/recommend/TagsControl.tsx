import React from "react";
import { Form } from "react-bootstrap";
import { useText } from "../../text/text.ts";
import { fromTagWishes, MOST_IMPORTANT, NEW_TAG, shareOf, type TagWish, tagWishes } from "./form.ts";
import { OneOf, PresenceSelect, Wishes } from "./Wishes.tsx";

interface Props {
  id: string;
  value: unknown;
  onChange(value: unknown): void;
}

/** Tags that scenes must have, should have, or must not; and how much of them. */
export function TagsControl({ id, value, onChange }: Props) {
  return (
    <Wishes
      kind="tag"
      wishes={tagWishes(value)}
      added={NEW_TAG}
      row={(wish, n, replace) => <Row id={`${id}-${n}`} number={n + 1} wish={wish} onChange={replace} />}
      onChange={(wishes) => onChange(fromTagWishes(wishes))}
    />
  );
}

interface RowProps {
  id: string;
  number: number;
  wish: TagWish;
  onChange(wish: TagWish): void;
}

function Row({ id, number, wish, onChange }: RowProps) {
  const text = useText();
  const { t } = text;
  const label = t("recommend.wish.tag", { number });
  return (
    <div className="sense-wish">
      {wish.label ? (
        <span className="tag-item badge badge-secondary">{wish.label}</span>
      ) : (
        <OneOf
          name="TagIDSelect"
          id={id}
          label={label}
          value={wish.tag_id}
          onChange={(tag_id) => onChange({ ...wish, tag_id })}
        />
      )}
      <PresenceSelect
        value={wish.presence}
        label={t("recommend.wish.presence", { what: label })}
        onChange={(presence) => onChange({ ...wish, presence })}
      />
      {wish.presence === "prefer" ? (
        <label className="sense-wish-part">
          {t("recommend.wish.importance")}
          <input
            type="range"
            className="custom-range"
            min={0}
            max={MOST_IMPORTANT}
            step={0.25}
            value={wish.importance}
            aria-valuetext={text.number(wish.importance, 2)}
            onChange={(event) => onChange({ ...wish, importance: Number(event.target.value) })}
          />
        </label>
      ) : (
        <>
          <Share
            id={`${id}-from`}
            label={t("recommend.wish.from")}
            value={wish.min_share}
            onChange={(min_share) => onChange({ ...wish, min_share })}
          />
          <Share
            id={`${id}-to`}
            label={t("recommend.wish.to")}
            value={wish.max_share}
            onChange={(max_share) => onChange({ ...wish, max_share })}
          />
        </>
      )}
    </div>
  );
}

/** A share of a scene's length in per cent, or none. */
function Share({
  id,
  label,
  value,
  onChange,
}: {
  id: string;
  label: string;
  value: number | null;
  onChange(value: number | null): void;
}) {
  return (
    <div className="sense-wish-part">
      <label htmlFor={id}>{label}</label>
      <Form.Control
        size="sm"
        id={id}
        type="number"
        className="text-input"
        min={0}
        max={100}
        value={value === null ? "" : Number((value * 100).toPrecision(6))}
        onChange={(event) => onChange(shareOf(event.target.value))}
      />
    </div>
  );
}
