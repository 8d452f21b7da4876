import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { onPreference, preference, setPreference } from "./preferences.ts";

class Browser extends EventTarget {
  kept = new Map<string, string>();
  full = false;
  localStorage = {
    getItem: (key: string) => this.kept.get(key) ?? null,
    setItem: (key: string, value: string) => {
      if (this.full) throw new Error("QuotaExceededError");
      this.kept.set(key, value);
    },
  };
}

let browser: Browser;
beforeEach(() => {
  browser = new Browser();
  Object.assign(globalThis, { window: browser });
});
afterEach(() => {
  browser.full = false;
  setPreference("badges", true);
  Reflect.deleteProperty(globalThis, "window");
});

test("badges are on until somebody switches them off", () => {
  assert.equal(preference("badges"), true);
  setPreference("badges", false);
  assert.equal(preference("badges"), false);
  assert.deepEqual([...browser.kept], [["stash-sense-native.badges", "off"]]);
});

test("what was kept by another version, or by somebody else, is the default", () => {
  browser.kept.set("stash-sense-native.badges", "<script>");
  assert.equal(preference("badges"), true);
});

test("a browser that keeps nothing is asked nothing twice", () => {
  browser.full = true;
  setPreference("badges", false);
  assert.equal(preference("badges"), false);
});

test("who listens hears of changes here and in other tabs", () => {
  let heard = 0;
  const end = onPreference("badges", () => {
    heard += 1;
  });
  setPreference("badges", false);
  const elsewhere = (key: string | null) => browser.dispatchEvent(Object.assign(new Event("storage"), { key }));
  elsewhere("stash-sense-native.badges");
  elsewhere("volume");
  elsewhere(null);
  assert.equal(heard, 3);
  end();
  setPreference("badges", true);
  elsewhere(null);
  assert.equal(heard, 3);
});
