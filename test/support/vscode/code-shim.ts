#!/usr/bin/env node
/**
 * Stands in for the desktop `code` that @vscode/test-electron starts: same arguments, same exit code, but the suites
 * run in code-server's extension host, with a headless Chromium as the window.
 */
import { format } from "node:util";
import { launchChromium, openWorkbench } from "./browser.ts";
import { startWorkbench } from "./server.ts";

const args = process.argv.slice(2);
const flag = (name: string) => args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
const extension = flag("extensionDevelopmentPath");
const tests = flag("extensionTestsPath");
const folder = args.find((arg) => !arg.startsWith("-"));
if (extension === undefined || folder === undefined) throw new Error("wanted: a folder and --extensionDevelopmentPath=");

const minutes = 5;
const noise = /^%c|^\[|gallery|socket|bindings file|watchdog|web extension|builtin extensions cache|connection token|^Cancell?ed/;

const runSuites = async (): Promise<number> => {
  await using workbench = await startWorkbench();
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    await page.exposeFunction("codeAutomationExit", resolve);
    await page.exposeFunction("codeAutomationLog", (_type: string, values: readonly unknown[]) => {
      const line = format(...values);
      if (!noise.test(line)) console.log(line);
    });
    page.on("crash", () => reject(new Error("the page crashed")));
    setTimeout(() => reject(new Error(`no result within ${minutes} minutes`)), minutes * 60_000).unref();
    await openWorkbench(page, workbench, folder, { extension, ...(tests === undefined ? {} : { tests }) });
    return await promise;
  } finally {
    await browser.close();
  }
};

process.exit(await runSuites());
