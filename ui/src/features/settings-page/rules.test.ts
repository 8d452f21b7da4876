import assert from "node:assert/strict";
import { test } from "node:test";
import { formatRules, parseRules, wrongWith } from "./rules.ts";

test("rules are read as the plugin reads them, and written back", () => {
  const text = "/data => /mnt/media; D:\\videos => /mnt/[HD] [unix]";
  const rules = parseRules(`${text};\n ;`);
  assert.deepEqual(rules, [
    { from: "/data", to: "/mnt/media", style: "auto" },
    { from: "D:\\videos", to: "/mnt/[HD]", style: "unix" },
  ]);
  assert.equal(formatRules(rules), text);
  assert.equal(formatRules([{ from: " ", to: "", style: "unix" }]), "");
});

test("what cannot be a rule is said to be none", () => {
  const wrong = (from: string, to: string) => wrongWith({ from, to, style: "auto" });
  assert.equal(wrong("", ""), undefined);
  assert.equal(wrong("/a", "C:\\b"), undefined);
  assert.equal(wrong("\\\\nas\\share", "/b"), undefined);
  assert.equal(wrong("/a", " "), "empty");
  assert.equal(wrong("a", "/b"), "relative");
  assert.equal(wrong("/a;b", "/b"), "letters");
  assert.deepEqual(parseRules("/only"), [{ from: "/only", to: "", style: "auto" }]);
});
