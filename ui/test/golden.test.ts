/** Answers that the Python tests compare with the plugin's are understood here. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as v from "valibot";
import { SCHEMAS } from "../src/schemas/index.ts";

const GOLDEN = join(import.meta.dirname, "..", "..", "tests", "golden");
const files = readdirSync(GOLDEN).filter((name) => name.endsWith(".json"));

/** "scene.analysis.unknown.json" -> "scene.analysis": the longest operation that the name begins with. */
function operationOf(file: string): keyof typeof SCHEMAS | undefined {
  const names = Object.keys(SCHEMAS).filter((name) => file.startsWith(`${name}.`));
  return names.sort((a, b) => b.length - a.length)[0] as keyof typeof SCHEMAS | undefined;
}

for (const file of files) {
  test(`${file} is understood`, () => {
    const operation = operationOf(file);
    assert(operation, "no schema for it: add one in src/schemas, or it cannot be asked for");
    const { args, output } = JSON.parse(readFileSync(join(GOLDEN, file), "utf8"));
    v.parse(v.strictObject(SCHEMAS[operation].args.entries), args);
    v.parse(SCHEMAS[operation].output, output);
  });
}

test("every operation has an answer to be checked against", () => {
  const covered = new Set(files.map(operationOf));
  assert.deepEqual(
    Object.keys(SCHEMAS).filter((name) => !covered.has(name as keyof typeof SCHEMAS)),
    [],
  );
});
