import { faPencil } from "@fortawesome/free-solid-svg-icons";
import React, { type CSSProperties } from "react";
import { Button } from "react-bootstrap";
import { MODES } from "../../schemas/policy.ts";
import { Icon } from "../../shared/Icon.tsx";
import { useText } from "../../text/text.ts";
import { NumberCell } from "./NumberCell.tsx";
import type { PolicyList } from "./PolicyList.ts";
import type { Line, Mode } from "./policies.ts";

interface Props extends Pick<PolicyList, "defaults" | "scoring" | "onChange" | "onEdit"> {
  line: Line;
  index: number;
  style: CSSProperties;
  isChosen: boolean;
  onChoose(isChosen: boolean): void;
}

/** One label of the table, edited in place. Empty cells show the default that they follow. */
export function PolicyLine({ line, index, style, isChosen, defaults, scoring, onChoose, onChange, onEdit }: Props) {
  const { t, number } = useText();
  const { label, row, agreed, media } = line;
  const name = (column: Parameters<typeof nameOf>[1]) => nameOf(t, column, label);
  // A requirement of its own, in seconds or per cent, replaces both defaults.
  const hasOwnRequirement = row.required_s != null || row.required_share != null;
  const cells: React.ReactNode[] = [
    <input
      key="tick"
      type="checkbox"
      checked={isChosen}
      aria-label={t("settings.policy.choose", { label })}
      onChange={() => onChoose(!isChosen)}
    />,
    <span key="label" className="sense-policy-label" title={label}>
      <span>{label}</span>
      {line.category && <small>{line.category}</small>}
    </span>,
    <select
      key="mode"
      className={`sense-cell ${row.mode ? "own" : ""}`}
      value={row.mode ?? ""}
      aria-label={name("mode")}
      onChange={(event) => onChange(line, { mode: (event.target.value || null) as Mode | null })}
    >
      <option value="">{t("settings.policy.followed", { value: t(`settings.choice.${defaults.mode}`) })}</option>
      {MODES.map((mode) => (
        <option key={mode} value={mode}>
          {t(`settings.choice.${mode}`)}
        </option>
      ))}
    </select>,
    <input
      key="tag"
      className="sense-cell"
      value={row.stash_tag ?? ""}
      placeholder={label}
      maxLength={200}
      aria-label={name("stash_tag")}
      onChange={(event) => onChange(line, { stash_tag: event.target.value || null })}
    />,
    <NumberCell
      key="seconds"
      value={row.required_s}
      fallback={hasOwnRequirement ? undefined : defaults.required_s}
      label={name("required_s")}
      onChange={(required_s) => onChange(line, { required_s })}
    />,
    <NumberCell
      key="share"
      value={row.required_share}
      fallback={hasOwnRequirement ? undefined : defaults.required_share}
      factor={100}
      most={1}
      label={name("required_share")}
      onChange={(required_share) => onChange(line, { required_share })}
    />,
    <select
      key="marker"
      className={`sense-cell ${row.marker != null ? "own" : ""}`}
      value={row.marker == null ? "" : row.marker ? "yes" : "no"}
      aria-label={name("marker")}
      onChange={(event) => onChange(line, { marker: event.target.value ? event.target.value === "yes" : null })}
    >
      <option value="">
        {t("settings.policy.followed", { value: t(defaults.marker ? "settings.yes" : "settings.no") })}
      </option>
      <option value="yes">{t("settings.yes")}</option>
      <option value="no">{t("settings.no")}</option>
    </select>,
    <NumberCell
      key="shortest"
      value={row.min_marker_s}
      fallback={defaults.min_marker_s}
      label={name("min_marker_s")}
      onChange={(min_marker_s) => onChange(line, { min_marker_s })}
    />,
    <NumberCell
      key="gap"
      value={row.max_gap_s}
      fallback={defaults.max_gap_s}
      label={name("max_gap_s")}
      onChange={(max_gap_s) => onChange(line, { max_gap_s })}
    />,
    <NumberCell
      key="threshold"
      value={row.threshold}
      placeholder={t("settings.policy.of_model")}
      // A threshold in another model's unit has no effect on this one.
      isIdle={!!row.scoring && !!scoring && row.scoring !== scoring}
      isSigned
      label={name("threshold")}
      onChange={(threshold) => onChange(line, { threshold })}
    />,
    <span key="media" className="number">
      {media > 0 && number(media)}
    </span>,
    <span key="agreed" className="number" title={t("settings.policy.agreed", { yes: agreed[0], no: agreed[1] })}>
      {agreed[0] + agreed[1] > 0 && `${number(agreed[0])} / ${number(agreed[1])}`}
    </span>,
    <Button
      key="more"
      variant="secondary"
      size="sm"
      className={`minimal sense-policy-more ${row.phrasings?.length ? "own" : ""}`}
      title={row.phrasings?.join("\n")}
      aria-label={t("settings.policy.edit.of", { label, count: row.phrasings?.length ?? 0 })}
      onClick={() => onEdit(line)}
    >
      {row.phrasings?.length ? <span>{number(row.phrasings.length)}</span> : null}
      <Icon icon={faPencil} />
    </Button>,
  ];
  return (
    // biome-ignore lint/a11y/useSemanticElements: see PolicyTable.
    // biome-ignore lint/a11y/useFocusableInteractive: what is in it is.
    <div
      role="row"
      aria-rowindex={index + 2}
      className={`sense-policy-line ${line.isChanged ? "changed" : ""} ${isChosen ? "chosen" : ""}`}
      style={style}
    >
      {cells.map((cell, at) => (
        // biome-ignore lint/a11y/useSemanticElements: see PolicyTable.
        // biome-ignore lint/suspicious/noArrayIndexKey: columns stay where they are.
        <div role="cell" key={at}>
          {cell}
        </div>
      ))}
    </div>
  );
}

function nameOf(
  t: ReturnType<typeof useText>["t"],
  column:
    | "mode"
    | "stash_tag"
    | "required_s"
    | "required_share"
    | "marker"
    | "min_marker_s"
    | "max_gap_s"
    | "threshold",
  label: string,
): string {
  return t("settings.policy.cell", { column: t(`settings.policy.column.${column}`), label });
}
