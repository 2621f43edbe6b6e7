// Builds what ships: dist/extension.js (VS Code's extension host), dist/sandbox.js (the engine and the `drydock`
// command), dist/media/* (panels) and dist/tests (mocha suites that run inside VS Code; with --tests only).
import { build } from "esbuild";
import { chmod, glob, rm } from "node:fs/promises";
import { join } from "node:path";

const root = import.meta.dirname;
const withTests = process.argv.includes("--tests");
const release = process.argv.includes("--release");

const entryPoints = async (pattern) => (await Array.fromAsync(glob(pattern, { cwd: root }))).sort();

/** Packages written for `require` keep working inside a module. */
const requireForModules = {
  js: 'import { createRequire as createRequireOfNode } from "node:module"; const require = createRequireOfNode(import.meta.url);',
};

const common = {
  absWorkingDir: root,
  bundle: true,
  sourcemap: true,
  minifySyntax: release,
  minifyWhitespace: release,
  logLevel: "warning",
  legalComments: "none",
};
const node = { ...common, platform: "node", format: "esm", target: "node22.19", mainFields: ["module", "main"] };

/** The hashbang comes from main.ts; with the executable bit the file is the `drydock` command. */
const engine = async () => {
  await build({
    ...node,
    entryPoints: { sandbox: "sandbox/main.ts" },
    outdir: "dist",
    splitting: true,
    chunkNames: "chunks/sandbox-[name]-[hash]",
    banner: requireForModules,
  });
  await chmod(join(root, "dist/sandbox.js"), 0o755);
};

await rm(join(root, "dist/chunks"), { recursive: true, force: true });
const builds = [
  // Split, so that what activation does not need is loaded when it is asked for.
  build({
    ...node,
    entryPoints: ["extension/extension.ts"],
    outdir: "dist",
    splitting: true,
    chunkNames: "chunks/extension-[name]-[hash]",
    external: ["vscode"],
    banner: requireForModules,
  }),
  engine(),
];
const panels = await entryPoints("media/*/main.ts");
if (panels.length > 0)
  builds.push(
    build({
      ...common,
      entryPoints: panels,
      outdir: "dist/media",
      outbase: "media",
      platform: "browser",
      format: "esm",
      target: "es2023",
      minify: release,
    }),
  );
if (withTests) {
  // CommonJS: VS Code and mocha load the suites by `require`.
  const suites = await entryPoints("test/e2e/vscode/{index,*.suite}.ts");
  builds.push(
    build({
      ...common,
      entryPoints: suites,
      outdir: "dist/tests",
      outbase: "test/e2e",
      outExtension: { ".js": ".cjs" },
      platform: "node",
      format: "cjs",
      external: ["vscode", "mocha"],
    }),
  );
}
await Promise.all(builds);
