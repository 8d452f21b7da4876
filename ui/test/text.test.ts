/** The words: every message can be read, every one is used, and none stands in the code instead. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { test } from "node:test";
import { type MessageFormatElement, parse, TYPE } from "@formatjs/icu-messageformat-parser";

const SOURCES = join(import.meta.dirname, "..", "src");
const en: Record<string, string> = JSON.parse(readFileSync(join(SOURCES, "text", "en.json"), "utf8"));

const sources = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name) && !name.endsWith(".test.ts"))
  .map((name) => ({
    name: relative(SOURCES, join(SOURCES, name)),
    text: withoutComments(readFileSync(join(SOURCES, name), "utf8")),
  }));

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1");
}

/** Keys that are put together, `badge.${state}`, as patterns. */
const patterns = sources.flatMap(({ text }) =>
  [...text.matchAll(/`((?:\w+\.)+(?:[\w.]|\$\{[^}`]*\})*)`/g)].map(([, template = ""]) => {
    const parts = template.split(/\$\{[^}]*\}/).map((part) => part.replaceAll(".", "\\."));
    return new RegExp(`^${parts.join("[\\w.]+")}$`);
  }),
);

test("every message can be read", () => {
  for (const [key, message] of Object.entries(en)) {
    assert.doesNotThrow(() => parse(message, { requiresOtherClause: true }), `${key}: ${message}`);
  }
});

test("no message holds markup: what is put into them is hostile", () => {
  const tagged = (elements: readonly MessageFormatElement[]): boolean =>
    elements.some((one) => {
      if (one.type === TYPE.tag) return true;
      return "options" in one && Object.values(one.options).some((option) => tagged(option.value));
    });
  assert.deepEqual(
    Object.keys(en).filter((key) => tagged(parse(en[key] ?? ""))),
    [],
  );
});

test("every message is used", () => {
  const all = sources.map(({ text }) => text).join("\n");
  const unused = Object.keys(en).filter(
    (key) => !all.includes(`"${key}"`) && !patterns.some((pattern) => pattern.test(key)),
  );
  assert.deepEqual(unused, []);
});

test("no words stand in the code", () => {
  const between = /(?<![=-])>\s*([^<>{}()=;&|]*[A-Za-z]{3,}[^<>{}()=;&|]*?)\s*<\//g;
  const attributes = /\s(?:title|aria-label|placeholder|alt|label)="([^"]*[A-Za-z]{2,}[^"]*)"/g;
  const found = sources
    .filter(({ name }) => name.endsWith(".tsx"))
    .flatMap(({ name, text }) =>
      [...text.matchAll(between), ...text.matchAll(attributes)].map(([, words]) => `${name}: ${words}`),
    );
  assert.deepEqual(found, []);
});
