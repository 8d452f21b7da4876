/** What an owner's browser gets: light, shared with Stash, and asking nobody but Stash. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { buildPlugin } from "../build.mjs";

/** Bytes. Whoever needs more raises these, and says in the commit what it is for. */
const MOST = { script: 350_000, script_gzip: 105_000, style: 45_000 };

let folder: string;
let script: string;
let style: string;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "sense-built-"));
  await buildPlugin(folder);
  script = readFileSync(join(folder, "stash-sense.js"), "utf8");
  style = readFileSync(join(folder, "stash-sense.css"), "utf8");
});
after(() => rmSync(folder, { recursive: true }));

test("it is light", () => {
  const sizes = {
    script: Buffer.byteLength(script),
    script_gzip: gzipSync(script).length,
    style: Buffer.byteLength(style),
  };
  for (const [name, most] of Object.entries(MOST)) {
    const size = sizes[name as keyof typeof MOST];
    assert.ok(size <= most, `${name}: ${size} bytes, at most ${most} are meant`);
  }
});

test("nothing that Stash shares comes twice", () => {
  for (const mark of ["__SECRET_INTERNALS", "ApolloCache", "Mousetrap.init", "createBrowserHistory", 'prefix:"fas"']) {
    assert.ok(!script.includes(mark), `${mark} is bundled`);
  }
});

test("no text becomes code, and none becomes markup", () => {
  assert.doesNotMatch(script, /\beval\s*\(/);
  assert.doesNotMatch(script, /\bnew Function\b|[^.\w]Function\s*\(/);
  assert.doesNotMatch(script, /dangerouslySetInnerHTML|\.innerHTML|\.outerHTML|insertAdjacentHTML|document\.write/);
  assert.doesNotMatch(script, /javascript:/);
  assert.doesNotMatch(script, /\bimport\s*\(|importScripts|createElement\("(?:script|iframe)"/);
});

test("nobody but Stash is asked", () => {
  const places = [...script.matchAll(/(?:https?|wss?|ftp):\/\/[^\s"'`)]*/g)].map(([place]) => place);
  // Namespaces and links that a person may follow are no requests.
  assert.deepEqual(
    [...new Set(places)].filter((place) => !LINKS.some((link) => place.startsWith(link))),
    [],
  );
  assert.doesNotMatch(script, /sendBeacon|XMLHttpRequest|EventSource|new WebSocket/);
  assert.doesNotMatch(style, /url\(\s*["']?(?!data:)|@import/);
});

/** Where the owner may be sent, by a click. */
const LINKS = ["http://www.w3.org/"];

test("a page that is not Stash's is left alone", () => {
  const window = { addEventListener: () => undefined };
  const warned: unknown[] = [];
  const console = { warn: (...words: unknown[]) => warned.push(words), error: () => undefined };
  const page = { window, console, setTimeout, AbortController, document: { addEventListener: () => undefined } };
  assert.doesNotThrow(() => runInNewContext(script, page));
  assert.deepEqual(warned, []);
});

test("a Stash that shares less than is expected is left alone, in one line", () => {
  const warned: unknown[] = [];
  const console = { warn: (...words: unknown[]) => warned.push(words), error: () => undefined };
  for (const PluginApi of [{}, { libraries: {} }, { React: {}, libraries: {} }]) {
    const window = { PluginApi, addEventListener: () => undefined };
    assert.doesNotThrow(() => runInNewContext(script, { window, console, setTimeout, AbortController }));
  }
  assert.equal(warned.length, 3);
});
