import type { Locator, Page } from "playwright-core";

/** VS Code's window as people handle it: files, views, commands, menus. */
export class Window {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async openFile(name: string): Promise<void> {
    await this.#page.keyboard.press("Control+KeyP");
    await this.#page.locator(".quick-input-widget input").fill(name);
    await this.#page.locator(".quick-input-list .monaco-list-row", { hasText: name }).first().waitFor();
    await this.#page.keyboard.press("Enter");
    await this.#page.locator(".tabs-container .tab.active", { hasText: name }).waitFor();
  }

  /** Runs a command by its title in the command palette. */
  async run(title: string): Promise<void> {
    await this.#page.keyboard.press("F1");
    await this.#page.locator(".quick-input-widget input").fill(`>${title}`);
    await this.#page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first().waitFor();
    await this.#page.keyboard.press("Enter");
  }

  async showView(container: string): Promise<void> {
    await this.#page.locator(`.part.activitybar .action-item a.action-label[aria-label^="${container}"]`).click();
  }

  /** Changes the colour theme as people do, and waits until it is there. */
  async useTheme(name: string): Promise<void> {
    await this.#page.keyboard.press("Control+KeyK");
    await this.#page.keyboard.press("Control+KeyT");
    const input = this.#page.locator(".quick-input-widget input");
    await this.#page
      .locator(".quick-input-list .monaco-list-row", { hasText: /Light|Dark/ })
      .first()
      .waitFor();
    await input.fill(name);
    await this.#page.locator(".quick-input-list .monaco-list-row.focused", { hasText: name }).waitFor();
    await this.#page.keyboard.press("Enter");
    await this.#page.locator(".quick-input-widget").waitFor({ state: "hidden" });
    await this.#page.waitForTimeout(700);
  }

  /** Drags the side bar's edge. */
  async widenSideBar(pixels: number): Promise<void> {
    const box = await this.#page.locator(".part.sidebar").boundingBox();
    if (box === null) throw new Error("there is no side bar");
    const edge = box.x + box.width + 1;
    await this.#page.mouse.move(edge, 400);
    await this.#page.mouse.down();
    await this.#page.mouse.move(edge + pixels, 400, { steps: 5 });
    await this.#page.mouse.up();
  }

  /** A line of a tree in the side bar, by its text: label, then description. */
  row(text: string | RegExp): Locator {
    return this.#page.locator(".part.sidebar .pane-body .monaco-list-row", { hasText: text });
  }

  /** Folds or unfolds a view in the side bar. */
  async toggleSection(name: string): Promise<void> {
    await this.#page.locator(".part.sidebar .pane-header", { hasText: name }).click();
  }

  /** Unfolds the first line of this label. */
  async expand(label: string | RegExp): Promise<void> {
    const row = this.#page
      .locator(".part.sidebar .pane-body .monaco-list-row")
      .filter({ has: this.#page.locator(".label-name", { hasText: label }) })
      .first();
    await row.waitFor();
    if ((await row.getAttribute("aria-expanded")) === "false") await row.click();
  }

  async contextMenu(label: string | RegExp, entry: string): Promise<void> {
    await this.row(label).first().click({ button: "right" });
    const item = this.#page.locator(".monaco-menu .action-item", { hasText: entry }).first();
    await item.waitFor();
    // A menu takes no click in its first moments: that would be the end of the one that opened it.
    await this.#page.waitForTimeout(300);
    await item.click();
    await this.#page.locator(".monaco-menu").waitFor({ state: "hidden" });
  }

  lens(title: string): Locator {
    return this.#page.locator(".codelens-decoration a", { hasText: title }).first();
  }

  /** Waits for words that stand behind a line without being its text. */
  async remark(words: string): Promise<void> {
    const shown = (wanted: string) =>
      [...document.querySelectorAll(".monaco-editor .view-line span")].some((span) =>
        getComputedStyle(span, "::after").content.includes(wanted),
      );
    await this.#page.waitForFunction(shown, words);
  }

  status(text: RegExp): Locator {
    return this.#page.locator(".part.statusbar .statusbar-item", { hasText: text }).first();
  }
}
