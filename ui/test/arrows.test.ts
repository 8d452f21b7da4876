/** Who may know whom: features -> {operations, host, shared, text} -> schemas; a feature knows no other feature. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { test } from "node:test";

const SOURCES = join(import.meta.dirname, "..", "src");

/** Each import of another file of ours, as [from, to], below src. */
const imports = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name) && !name.endsWith(".test.ts"))
  .flatMap((name) => {
    const text = readFileSync(join(SOURCES, name), "utf8");
    return [...text.matchAll(/\b(?:from|import)\s+"(\.[^"]+)"/g)].map(([, to = ""]) => [
      name.split(sep).join("/"),
      relative(SOURCES, join(SOURCES, dirname(name), to))
        .split(sep)
        .join("/"),
    ]);
  }) as [string, string][];

/** "features/inbox/Row.tsx" and "features/inbox.tsx" -> "inbox". */
const feature = (file: string) => /^features\/([^/.]+)/.exec(file)?.[1];
const room = (file: string) => file.split("/")[0] ?? "";

test("features do not know each other", () => {
  assert.deepEqual(
    imports.filter(([from, to]) => feature(from) && feature(to) && feature(from) !== feature(to)),
    [],
  );
});

test("nothing but main.ts knows features", () => {
  assert.deepEqual(
    imports.filter(([from, to]) => feature(to) && !feature(from) && from !== "main.ts"),
    [],
  );
});

test("schemas know no other room, and the host knows no operation", () => {
  assert.deepEqual(
    imports.filter(([from, to]) => room(from) === "schemas" && room(to) !== "schemas"),
    [],
  );
  assert.deepEqual(
    imports.filter(([from, to]) => room(from) === "host" && ["operations.ts", "schemas"].includes(room(to))),
    [],
  );
});

/** Files of ours whose text has `mark`. */
const having = (mark: RegExp) =>
  readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith(".test.ts"))
    .filter((name) => mark.test(readFileSync(join(SOURCES, name), "utf8")))
    .map((name) => name.split(sep).join("/"));

test("what is Stash's is reached through the host, and the plugin through its operations", () => {
  assert.deepEqual(
    having(/window\.PluginApi|\bPluginApi\./).filter((name) => room(name) !== "host"),
    [],
  );
  assert.deepEqual(having(/runPluginOperation/), ["operations.ts"]);
  assert.deepEqual(
    having(/runPluginTask|configurePlugin/).filter((name) => room(name) !== "host"),
    [],
  );
  // What is fetched by hand passes Stash's own client by: only the sheets of sprites, which no client knows.
  assert.deepEqual(having(/\bfetch\(/), ["shared/useCues.ts"]);
});
