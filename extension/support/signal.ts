/** What can be let go of; VS Code's own Disposable fits. */
export interface Disposable {
  dispose(): void;
}

/** Tells its listeners. VS Code's EventEmitter in small, for the parts that are tested without VS Code. */
export class Signal<T = void> implements Disposable {
  readonly #listeners = new Set<(value: T) => void>();

  readonly on = (listener: (value: T) => void): Disposable => {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  };

  fire(value: T): void {
    for (const listener of [...this.#listeners]) listener(value);
  }

  dispose(): void {
    this.#listeners.clear();
  }
}
