import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import type { Workbench } from "./server.ts";

const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Chromium on this machine (`CHROMIUM` first), or undefined. */
export const findChromium = (): string | undefined =>
  [process.env["CHROMIUM"], ...places].find((place) => place !== undefined && existsSync(place));

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: findChromium(),
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      // A page that a route has fulfilled has no local address space: Chromium would block its WebSocket to 127.0.0.1.
      "--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets",
    ],
  });

export interface Development {
  /** The extension's folder. */
  readonly extension: string;
  /** The module whose `run` runs the suites. */
  readonly tests?: string;
}

const escapes: readonly (readonly [string, string])[] = [
  ["&", "&amp;"],
  ['"', "&quot;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ["'", "&#39;"],
];
const escape = (text: string) => escapes.reduce((done, [plain, escaped]) => done.replaceAll(plain, escaped), text);
const unescape = (text: string) => escapes.toReversed().reduce((done, [plain, escaped]) => done.replaceAll(escaped, plain), text);

/** Opens the folder in the workbench with an extension under development, entered through the page's own configuration. */
export const openWorkbench = async (page: Page, workbench: Workbench, folder: string, { extension, tests }: Development): Promise<void> => {
  const uri = (path: string) => ({ $mid: 1, scheme: "vscode-remote", authority: `127.0.0.1:${workbench.port}`, path: resolve(path) });
  const developmentOptions = { extensions: [uri(extension)], ...(tests === undefined ? {} : { extensionTestsPath: uri(tests) }) };
  await page.route(
    ({ origin, pathname }) => origin === workbench.origin && pathname === "/",
    async (route) => {
      if (route.request().resourceType() !== "document") return route.fallback();
      const response = await route.fetch();
      const body = (await response.text()).replace(
        /(<meta id="vscode-workbench-web-configuration" data-settings=")([^"]*)(")/,
        (_all, before: string, settings: string, after: string) =>
          before + escape(JSON.stringify({ ...(JSON.parse(unescape(settings)) as object), developmentOptions })) + after,
      );
      return route.fulfill({ response, body });
    },
  );
  await page.goto(`${workbench.origin}/?folder=${encodeURIComponent(resolve(folder))}`);
};
