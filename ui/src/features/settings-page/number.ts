/** What people write as numbers. Pure. */

/** "2,5" -> 2.5; "" -> null; undefined where it is no number. */
export function parseNumber(text: string): number | null | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  return /^-?(\d+([.,]\d*)?|[.,]\d+)$/.test(trimmed) ? Number(trimmed.replace(",", ".")) : undefined;
}

/** As short as it is read back the same. factor: 100 for shares that are shown as per cent. */
export function writeNumber(value: number | null | undefined, factor = 1): string {
  return value === null || value === undefined ? "" : String(Number((value * factor).toPrecision(12)));
}
