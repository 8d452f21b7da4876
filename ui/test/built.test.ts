/** What an owner's browser gets: light, shared with Stash, and asking nobody but Stash. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { buildPlugin } from "../build.mjs";

/** Bytes. Whoever needs more raises these, and says in the commit what it is for. */
const MOST = { script: 485_000, script_gzip: 150_000, style: 50_000 };

const UI = join(import.meta.dirname, "..");

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

test("whose work is bundled is named, with the licence that wants to be handed on", () => {
  const licences = readFileSync(join(folder, "LICENSES.txt"), "utf8");
  const { dependencies } = JSON.parse(readFileSync(join(UI, "package.json"), "utf8")) as { dependencies?: object };
  const bundled = [...licences.matchAll(/^(@?[\w/-]+) \d+\.\d+\.\d+ \(MIT\)$/gm)].map(([, name]) => name);
  assert.deepEqual(bundled, ["@tanstack/react-virtual", "@tanstack/virtual-core", "valibot"]);
  assert.equal([...licences.matchAll(/Permission is hereby granted/g)].length, bundled.length);
  assert.equal([...licences.matchAll(/^Copyright \(c\) /gm)].length, bundled.length);
  for (const name of Object.keys(dependencies ?? {})) assert.ok(bundled.includes(name), name);
});

test("the same sources give the same bytes elsewhere, and what lay there before is gone", () => {
  const made = ["one", join("else where", "two")].map((name) => {
    const root = join(folder, "copies", name);
    for (const part of ["src", "build.mjs", "package.json"]) {
      cpSync(join(UI, part), join(root, "ui", part), { recursive: true });
    }
    cpSync(join(UI, "..", "stash-plugin.yml"), join(root, "stash-plugin.yml"));
    symlinkSync(join(UI, "node_modules"), join(root, "ui", "node_modules"), "junction");
    cpSync(join(UI, "build.mjs"), join(root, "ui", "dist", "stale.js"));
    const { status, stderr } = spawnSync(process.execPath, [join(root, "ui", "build.mjs")], { cwd: tmpdir() });
    assert.equal(status, 0, String(stderr));
    return readdirSync(join(root, "ui", "dist"))
      .sort()
      .map((file) => [file, readFileSync(join(root, "ui", "dist", file), "base64")]);
  });
  assert.deepEqual(
    made[0]?.map(([file]) => file),
    ["LICENSES.txt", "stash-sense.css", "stash-sense.js"],
  );
  assert.deepEqual(made[0], made[1]);
});
