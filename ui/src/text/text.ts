/**
 * The words. `en.json` holds all of them, as ICU messages; another language is a file beside it, with the same keys.
 * Stash lets plugins add none to its own, so these have an intl of their own, in Stash's language for numbers and dates.
 */
import { createIntl, createIntlCache, type IntlShape, useIntl } from "react-intl";
import en from "./en.json" with { type: "json" };

export type TextKey = keyof typeof en;
export type Values = Record<string, string | number | Date>;

const TABLES: Record<string, Partial<Record<TextKey, string>>> = { en };
const cache = createIntlCache();

export interface Text {
  /** The words of `key`; what stands in braces comes from `values`. Plain text, never markup. */
  t(key: TextKey, values?: Values): string;
  /** Numbers and dates by locale. */
  intl: IntlShape;
  number(value: number, digits?: number): string;
  /** 0 to 1 as per cent. */
  share(value: number): string;
  /** Unix seconds as date and time. */
  moment(unix_s: number): string;
  /** Unix seconds as a date. */
  day(unix_s: number): string;
  /** "3 minutes ago", "in 2 hours". */
  ago(unix_s: number, now_s?: number): string;
  bytes(value: number): string;
}

const made = new Map<string, Text>();

/** One for all that show words in a locale: rows of long lists do. */
export function makeText(locale: string): Text {
  const known = made.get(locale) ?? newText(locale);
  made.set(locale, known);
  return known;
}

function newText(locale: string): Text {
  const language = locale.split("-")[0] ?? "en";
  const messages = { ...en, ...TABLES[language], ...TABLES[locale] };
  const intl = createIntl({ locale, messages, defaultLocale: "en", onError: () => undefined }, cache);
  return {
    intl,
    t: (key, values) => intl.formatMessage({ id: key, defaultMessage: en[key] }, values) as string,
    number: (value, digits = 0) => intl.formatNumber(value, { maximumFractionDigits: digits }),
    share: (value) => intl.formatNumber(value, { style: "percent", maximumFractionDigits: 0 }),
    moment: (unix_s) => intl.formatDate(unix_s * 1000, { dateStyle: "medium", timeStyle: "short" }),
    day: (unix_s) => intl.formatDate(unix_s * 1000, { dateStyle: "medium" }),
    ago: (unix_s, now_s = Date.now() / 1000) => relative(intl, unix_s - now_s),
    bytes: (value) => bytes(intl, value),
  };
}

/** The words in the language that Stash shows. */
export function useText(): Text {
  const { locale } = useIntl();
  return makeText(locale);
}

const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];

function relative(intl: IntlShape, seconds: number): string {
  const [unit, size] = STEPS.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return intl.formatRelativeTime(Math.round(seconds / size), unit, { numeric: "auto" });
}

/** In Stash's units: KiB, MiB, GiB. */
function bytes(intl: IntlShape, value: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = value > 0 ? Math.min(Math.floor(Math.log2(value) / 10), units.length - 1) : 0;
  const shown = value / 1024 ** power;
  return `${intl.formatNumber(shown, { maximumFractionDigits: shown < 10 && power > 0 ? 1 : 0 })} ${units[power]}`;
}
