import React, { useState } from "react";
import { Form } from "react-bootstrap";
import { useText } from "../../text/text.ts";
import { formatCron, parseCron, rescheduled, type Schedule } from "./cron.ts";

const WAYS = ["never", "nightly", "weekly", "own"] as const;
const DAYS = [1, 2, 3, 4, 5, 6, 0] as const;
/** A Sunday: what a day of the week is called is asked of the locale. */
const SUNDAY = Date.UTC(2023, 0, 1);

interface Props {
  id: string;
  label: string;
  value: string;
  describedBy: string;
  isInvalid: boolean;
  onChange(cron: string): void;
}

/** When something happens by itself: never, daily, weekly, or as crontab says it. */
export function CronField({ id, label, value, describedBy, isInvalid, onChange }: Props) {
  const { t, intl } = useText();
  const [isOwn, setIsOwn] = useState(false);
  const read = parseCron(value);
  const schedule: Schedule = isOwn ? { when: "own", cron: value } : read;
  const choose = (when: Schedule["when"]) => {
    setIsOwn(when === "own");
    onChange(formatCron(rescheduled(read, when)));
  };
  return (
    <div className="sense-cron">
      <Form.Control
        as="select"
        id={id}
        className="input-control"
        value={schedule.when}
        aria-describedby={describedBy}
        onChange={(event) => choose(event.target.value as Schedule["when"])}
      >
        {WAYS.map((way) => (
          <option key={way} value={way}>
            {t(`settings.cron.${way}`)}
          </option>
        ))}
      </Form.Control>
      {schedule.when === "weekly" && (
        <Form.Control
          as="select"
          className="input-control"
          value={schedule.day}
          aria-label={t("settings.cron.day", { label })}
          onChange={(event) => onChange(formatCron({ ...schedule, day: Number(event.target.value) }))}
        >
          {DAYS.map((day) => (
            <option key={day} value={day}>
              {intl.formatDate(SUNDAY + day * 86_400_000, { weekday: "long", timeZone: "UTC" })}
            </option>
          ))}
        </Form.Control>
      )}
      {(schedule.when === "nightly" || schedule.when === "weekly") && (
        <Form.Control
          type="time"
          className="text-input"
          value={clock(schedule)}
          aria-label={t("settings.cron.time", { label })}
          onChange={(event) => {
            const [hour, minute] = event.target.value.split(":").map(Number);
            if (hour !== undefined && minute !== undefined) onChange(formatCron({ ...schedule, hour, minute }));
          }}
        />
      )}
      {schedule.when === "own" && (
        <Form.Control
          className="text-input sense-cron-own"
          value={value}
          isInvalid={isInvalid}
          aria-label={t("settings.cron.line", { label })}
          placeholder="0 3 * * *"
          maxLength={100}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </div>
  );
}

function clock({ hour, minute }: { hour: number; minute: number }): string {
  return [hour, minute].map((part) => String(part).padStart(2, "0")).join(":");
}
