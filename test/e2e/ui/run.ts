/**
 * What people see: the demo workspace in a real VS Code, driven through the browser, step by step. Each step is a test; pictures in light, dark and
 * high contrast lie in test-results/ui.
 */
import assert from "node:assert/strict";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Page } from "playwright-core";
import { root } from "../../support/steps.ts";
import { resultFile, writeTally } from "../../support/tally.ts";
import { launchChromium, openWorkbench } from "../../support/vscode/browser.ts";
import { startWorkbench } from "../../support/vscode/server.ts";
import { Window } from "./window.ts";

const themes = { dark: "Dark 2026", light: "Light 2026", contrast: "Dark High Contrast" };
const pictures = dirname(resultFile("ui/x"));
rmSync(pictures, { recursive: true, force: true });
mkdirSync(pictures, { recursive: true });

await using workbench = await startWorkbench({
  settings: { "workbench.colorTheme": themes.dark, "files.autoSave": "off", "window.commandCenter": false },
});
const folder = join(workbench.folder, "demo");
cpSync(join(root, "test/demo/workspace"), folder, { recursive: true });
const browser = await launchChromium();
const page: Page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
page.setDefaultTimeout(30_000);
const window = new Window(page);
const picture = (name: string) => page.screenshot({ path: join(pictures, `${name}.png`) });

const passed: string[] = [];
const failed: string[] = [];
/** One thing that people do, and what they then see. Later steps build on earlier ones: after a failure the rest is not tried. */
const step = async (title: string, work: () => Promise<void>): Promise<void> => {
  if (failed.length > 0) return;
  const started = performance.now();
  try {
    await work();
    passed.push(title);
    console.log(`ok   ${title} (${Math.round(performance.now() - started)} ms)`);
  } catch (error) {
    await picture("failure");
    failed.push(`${title}: ${error instanceof Error ? error.message : String(error)}`);
    console.log(`FAIL ${failed.at(-1) ?? ""}`);
  }
};

try {
  await step("the window opens with the demo", async () => {
    await openWorkbench(page, workbench, folder, { extension: root });
    await page.locator(".monaco-workbench .part.statusbar").waitFor();
  });

  await step("the cluster starts when a manifest is opened", async () => {
    await window.openFile("ballot.yaml");
    await window.status(/Drydock: v1\.\d+\.\d+.* · 3 nodes/).waitFor();
  });

  await step("Apply above a manifest's object applies it, and says so in place", async () => {
    await window.lens("Apply").waitFor();
    await window.run("Drydock: Apply Manifest");
    await window.remark("namespace/ballot created");
    await picture("apply-dark");
  });

  await step("the views show nodes with their pods, and workloads over what they own", async () => {
    await window.showView("Drydock");
    await window.widenSideBar(200);
    await window.row("node-").first().waitFor();
    await window.expand("booth");
    await window.expand(/^booth-/);
    await window
      .row(/booth-.*Running 1\/1/)
      .first()
      .waitFor();
  });

  await step("what changes in the cluster shows without asking", async () => {
    await window.contextMenu("booth", "Scale…");
    await page.locator(".quick-input-widget input").fill("5");
    await page.keyboard.press("Enter");
    await window
      .row(/booth.*5\/5 ready/)
      .first()
      .waitFor();
  });

  for (const [name, theme] of Object.entries(themes)) {
    await step(`the views in ${name}`, async () => {
      await window.useTheme(theme);
      await page
        .locator(
          name === "contrast" ? ".monaco-workbench.hc-black" : name === "light" ? ".monaco-workbench.vs" : ".monaco-workbench.vs-dark",
        )
        .waitFor();
      await page.waitForTimeout(500);
      await picture(`views-${name}`);
    });
  }

  await step("a pod is described with its events", async () => {
    await window.useTheme(themes.dark);
    await window.contextMenu(/booth-.*Running/, "Describe");
    await page
      .locator(".monaco-editor .view-line", { hasText: /Scheduled/ })
      .first()
      .waitFor();
    await picture("describe-dark");
  });

  await step("events and configuration are there to unfold", async () => {
    await window.toggleSection("Services");
    await window.toggleSection("Configuration");
    await window.expand("ballot");
    await window.toggleSection("Events");
    await window
      .row(/ScalingReplicaSet|SuccessfulCreate|Started/)
      .first()
      .waitFor();
    await picture("events-dark");
    await window.toggleSection("Events");
    await window.toggleSection("Configuration");
    await window.toggleSection("Services");
  });

  await step("mistakes are underlined while they are typed, and listed in Problems", async () => {
    await window.openFile("mistakes.yaml");
    await page.locator(".squiggly-error").first().waitFor();
    await page.keyboard.press("Control+Shift+KeyM");
    await page
      .locator(".markers-panel .monaco-list-row", { hasText: /Mistaken_Name/ })
      .first()
      .waitFor();
    await picture("problems-dark");
    await window.useTheme(themes.light);
    await picture("problems-light");
    await window.useTheme(themes.dark);
  });

  await step("a node that is cordoned says so", async () => {
    await window.contextMenu("node-", "Cordon");
    await window
      .row(/SchedulingDisabled/)
      .first()
      .waitFor();
    await picture("cordon-dark");
  });

  await step("the cluster stops when asked to", async () => {
    await window.run("Drydock: Stop Cluster");
    await window.status(/^\s*Drydock$/).waitFor();
    await page.getByText("No cluster is running in this window.").waitFor();
    await picture("stopped-dark");
  });
  assert.ok(passed.length + failed.length > 0);
} finally {
  await browser.close();
}
writeTally(process.env["DRYDOCK_TALLY"] ?? resultFile("ui.json"), { passed: passed.length, failed, skipped: [] });
process.exitCode = failed.length === 0 ? 0 : 1;
