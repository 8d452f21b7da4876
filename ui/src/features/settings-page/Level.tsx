import { faCircleCheck, faCircleXmark, faTriangleExclamation } from "@fortawesome/free-solid-svg-icons";
import React from "react";
import { Icon } from "../../shared/Icon.tsx";
import { useText } from "../../text/text.ts";

const LOOKS = {
  ok: { icon: faCircleCheck, className: "text-success" },
  warn: { icon: faTriangleExclamation, className: "text-warning" },
  fail: { icon: faCircleXmark, className: "text-danger" },
} as const;

/** How well something works, as an icon that is read out too. */
export function Level({ level }: { level: keyof typeof LOOKS }) {
  const { t } = useText();
  const { icon, className } = LOOKS[level];
  return (
    <span className="sense-tests-level">
      <Icon icon={icon} className={className} />
      <span className="sense-visually-hidden">{t(`settings.level.${level}`)}</span>
    </span>
  );
}
