import type { Disposable } from "./signal.ts";

/** Things that end together, the last made first. */
export class Disposables implements Disposable {
  readonly #held: Disposable[] = [];

  /** Keeps it until the end, and hands it back. */
  add<T extends Disposable>(disposable: T): T {
    this.#held.push(disposable);
    return disposable;
  }

  dispose(): void {
    for (const disposable of this.#held.splice(0).reverse()) disposable.dispose();
  }
}
