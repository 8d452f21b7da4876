import React from "react";
import { useText } from "../../text/text.ts";
import { NEW_PERFORMER, performerWishes } from "./form.ts";
import { OneOf, PresenceSelect, Wishes } from "./Wishes.tsx";

interface Props {
  id: string;
  value: unknown;
  onChange(value: unknown): void;
}

/** Performers who must be in a scene, should be, or must not. */
export function PerformersControl({ id, value, onChange }: Props) {
  const { t } = useText();
  return (
    <Wishes
      kind="performer"
      wishes={performerWishes(value)}
      added={NEW_PERFORMER}
      row={(wish, n, replace) => {
        const label = t("recommend.wish.performer", { number: n + 1 });
        return (
          <div className="sense-wish">
            <OneOf
              name="PerformerIDSelect"
              id={`${id}-${n}`}
              label={label}
              value={wish.id}
              onChange={(id) => replace({ ...wish, id })}
            />
            <PresenceSelect
              value={wish.presence}
              label={t("recommend.wish.presence", { what: label })}
              onChange={(presence) => replace({ ...wish, presence })}
            />
          </div>
        );
      }}
      onChange={onChange}
    />
  );
}
