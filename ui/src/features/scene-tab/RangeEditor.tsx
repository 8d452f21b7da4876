import { faCrosshairs } from "@fortawesome/free-solid-svg-icons";
import React, { useState } from "react";
import { Button, Form, InputGroup } from "react-bootstrap";
import type { Player } from "../../host/pluginApi.ts";
import { exactTimecode, parseTimecode } from "../../shared/format.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useText } from "../../text/text.ts";

interface Props {
  start_s: number;
  end_s: number;
  duration_s: number;
  player: Player | undefined;
  isBusy: boolean;
  onSave(start_s: number, end_s: number): void;
  onClose(): void;
}

/** A marker's range, typed or taken from the player. */
export function RangeEditor({ start_s, end_s, duration_s, player, isBusy, onSave, onClose }: Props) {
  const { t } = useText();
  const [start, setStart] = useState(exactTimecode(start_s));
  const [end, setEnd] = useState(exactTimecode(end_s));
  // What was not touched stays as exact as it was.
  const from = start === exactTimecode(start_s) ? start_s : parseTimecode(start);
  const to = end === exactTimecode(end_s) ? end_s : parseTimecode(end);
  const wrong =
    from === undefined || to === undefined
      ? t("tab.edit.unread")
      : to <= from
        ? t("tab.edit.order")
        : duration_s > 0 && to > duration_s + 0.05
          ? t("tab.edit.beyond", { duration: exactTimecode(duration_s) })
          : "";
  const bounds = [
    { name: t("tab.edit.start"), value: start, set: setStart, isWrong: from === undefined },
    { name: t("tab.edit.end"), value: end, set: setEnd, isWrong: to === undefined },
  ];
  const submit = (event: React.FormEvent) => {
    event.preventDefault();
    if (!wrong && from !== undefined && to !== undefined) onSave(from, to);
  };
  return (
    <Form
      className="sense-editor"
      onSubmit={submit}
      onKeyDown={(event: React.KeyboardEvent) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onClose();
      }}
    >
      {bounds.map(({ name, value, set, isWrong }, n) => (
        <InputGroup size="sm" key={name}>
          <InputGroup.Prepend>
            <InputGroup.Text>{name}</InputGroup.Text>
          </InputGroup.Prepend>
          <Form.Control
            className="text-input"
            value={value}
            aria-label={name}
            isInvalid={isWrong}
            autoFocus={n === 0}
            onChange={(event) => set(event.currentTarget.value)}
          />
          <InputGroup.Append>
            <Button
              variant="secondary"
              title={t("tab.edit.player", { name })}
              aria-label={t("tab.edit.player", { name })}
              disabled={!player}
              onClick={() => player && !player.isDisposed() && set(exactTimecode(player.currentTime()))}
            >
              <Icon icon={faCrosshairs} />
            </Button>
          </InputGroup.Append>
        </InputGroup>
      ))}
      <div className="sense-editor-end">
        <span className="text-danger" role="status">
          {wrong}
        </span>
        <Button variant="secondary" size="sm" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button variant="primary" size="sm" type="submit" disabled={isBusy || !!wrong}>
          {t("action.save")}
        </Button>
      </div>
    </Form>
  );
}
