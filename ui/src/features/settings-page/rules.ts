/** Path mappings as rows, and as the one text that Stash keeps. Pure. */

export const STYLES = ["auto", "unix", "windows"] as const;
export type Style = (typeof STYLES)[number];

/** Files below `from`, in Stash, lie below `to`, for the sidecar. style: how slashes are written there. */
export interface Rule {
  from: string;
  to: string;
  style: Style;
}

export const EMPTY: Rule = { from: "", to: "", style: "auto" };

/** As the plugin reads it. What is no rule yet is one without an end. */
export function parseRules(text: string): Rule[] {
  return text
    .split(/[;\n]/)
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) => {
      const style = /\s*\[(auto|unix|windows)\]$/i.exec(part);
      const sides = (style ? part.slice(0, style.index) : part).split("=>");
      const [from = "", ...rest] = sides.map((side) => side.trim());
      return { from, to: rest.join(" => "), style: (style?.[1]?.toLowerCase() as Style | undefined) ?? "auto" };
    });
}

export function formatRules(rules: readonly Rule[]): string {
  return rules
    .filter(({ from, to }) => from.trim() || to.trim())
    .map(({ from, to, style }) => `${from.trim()} => ${to.trim()}${style === "auto" ? "" : ` [${style}]`}`)
    .join("; ");
}

/** What is wrong with a rule; undefined for nothing. */
export function wrongWith({ from, to }: Rule): "empty" | "relative" | "letters" | undefined {
  const sides = [from.trim(), to.trim()];
  if (sides.every((side) => !side)) return undefined;
  if (sides.some((side) => !side)) return "empty";
  if (sides.some((side) => /[;\n]|=>/.test(side))) return "letters";
  return sides.every((side) => /^(\/|\\\\|[A-Za-z]:([\\/]|$))/.test(side)) ? undefined : "relative";
}
