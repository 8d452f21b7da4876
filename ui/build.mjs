// Build ui/dist: one classic script and one style sheet, as Stash's plugin loader wants them, and the licences of what is
// bundled in them.
//
// React and what else Stash shares through window.PluginApi is not bundled: an import of one of these packages becomes
// a look at PluginApi when the script runs. `--page FOLDER OUT` builds the stand-in's page instead, everything bundled;
// `--entry FILE OUT` another script than the plugin's, for tests.
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);

const SHARED = {
  react: "PluginApi.React",
  "react-dom": "PluginApi.ReactDOM",
  "react-bootstrap": "PluginApi.libraries.Bootstrap",
  "react-router-dom": "PluginApi.libraries.ReactRouterDOM",
  "react-intl": "PluginApi.libraries.Intl",
  "@apollo/client": "PluginApi.libraries.Apollo",
  "@fortawesome/free-solid-svg-icons": "PluginApi.libraries.FontAwesomeSolid",
  mousetrap: "PluginApi.libraries.Mousetrap",
};

const shared = {
  name: "shared-by-stash",
  setup(builder) {
    const names = Object.keys(SHARED).map((name) => name.replace(/[/]/g, "\\/"));
    builder.onResolve({ filter: new RegExp(`^(${names.join("|")})$`) }, ({ path }) => ({ path, namespace: "shared" }));
    builder.onLoad({ filter: /.*/, namespace: "shared" }, ({ path }) => ({ contents: lookUps(path), loader: "js" }));
  },
};

// One look-up for each name that is imported, and nothing for the others. As a module of the older kind, each file that
// imports an icon would copy Stash's 1400 when the script runs: two thirds of all its time.
function lookUps(name) {
  const names = Object.keys(require(name)).filter((one) => /^[A-Za-z_$][\w$]*$/.test(one) && one !== "default");
  return [
    `const shared = window.${SHARED[name]};`,
    "export default shared;",
    ...names.map((one) => `export const ${one} = /* @__PURE__ */ (() => shared?.${one})();`),
  ].join("\n");
}

const OPTIONS = {
  bundle: true,
  format: "iife",
  target: "es2020",
  jsx: "transform",
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
  nodePaths: [join(HERE, "node_modules")],
};

// Stash waits for the script before it shows anything, and its owner sees what a script throws: so it never throws.
const ONLY_IN_STASH = "if (window.PluginApi) try {";
const WHATEVER_HAPPENS = '} catch (error) { console.warn("Stash Sense Native cannot begin in this Stash:", error); }';

/** The plugin's script, style sheet and licences into `out`, and nothing else there. Returns their sizes, bytes. */
export async function buildPlugin(out, { minify = true, entry = join(HERE, "src", "main.ts") } = {}) {
  const version = /^version: (.+)$/m.exec(await readFile(join(HERE, "..", "stash-plugin.yml"), "utf8"))?.[1] ?? "";
  const { outputFiles, metafile } = await build({
    ...OPTIONS,
    absWorkingDir: HERE,
    entryPoints: { "stash-sense": entry },
    outdir: out,
    minify,
    write: false,
    metafile: true,
    define: { __VERSION__: JSON.stringify(version), "process.env.NODE_ENV": '"production"' },
    plugins: [shared],
    banner: { js: ONLY_IN_STASH },
    footer: { js: WHATEVER_HAPPENS },
  });
  const files = new Map(outputFiles.map(({ path, contents }) => [basename(path), contents]));
  const licences = await licencesOf(metafile);
  if (licences) files.set(LICENCES, Buffer.from(licences));
  await fill(out, files);
  return Object.fromEntries([...files].map(([name, contents]) => [name, contents.length]));
}

const LICENCES = "LICENSES.txt";
const PACKAGE = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/** The licences of the packages that are in what was built, with their notices, which they want to be handed on; "" if none are. */
async function licencesOf({ inputs, outputs }) {
  const used = new Set(Object.values(outputs).flatMap((output) => Object.keys(output.inputs)));
  const folders = [...used].filter((path) => path in inputs).flatMap((path) => PACKAGE.exec(path)?.[0] ?? []);
  const parts = [];
  for (const folder of [...new Set(folders)].sort()) {
    const { name, version, license } = JSON.parse(await readFile(join(HERE, folder, "package.json"), "utf8"));
    const file = (await readdir(join(HERE, folder))).find((one) => /^licen[cs]e/i.test(one));
    if (!file) throw new Error(`${name} is bundled, and says nothing of its licence`);
    const text = await readFile(join(HERE, folder, file), "utf8");
    parts.push(`${name} ${version} (${license})\n\n${text.replaceAll("\r\n", "\n").trim()}\n`);
  }
  return parts.join(`\n${"-".repeat(80)}\n\n`);
}

/** Make `out` hold these files. Whoever looks meanwhile sees each as it was or as it is to be. */
async function fill(out, files) {
  await mkdir(out, { recursive: true });
  for (const [name, contents] of files) {
    const partial = join(out, `.${name}.${process.pid}`);
    await writeFile(partial, contents);
    await rename(partial, join(out, name));
  }
  for (const name of await readdir(out)) {
    if (!files.has(name) && !name.startsWith(".")) await rm(join(out, name), { recursive: true });
  }
}

/** The page of tests/standin, whose sources lie in `folder`, into `out`. */
export async function buildPage(folder, out) {
  await build({
    ...OPTIONS,
    entryPoints: { page: join(folder, "main.tsx") },
    outdir: out,
    minify: false,
    define: { "process.env.NODE_ENV": '"production"' },
    loader: { ".woff": "dataurl", ".woff2": "dataurl" },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [what, folder, out] = process.argv.slice(2);
  if (what === "--page") await buildPage(resolve(folder), resolve(out));
  else if (what === "--entry") await buildPlugin(resolve(out), { entry: resolve(folder) });
  else console.log(JSON.stringify(await buildPlugin(join(HERE, "dist"))));
}
