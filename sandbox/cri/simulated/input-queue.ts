/** Bytes on their way to a process that reads when it likes. */
export class InputQueue {
  readonly #chunks: Uint8Array[] = [];
  #ended = false;
  #wake: (() => void) | undefined;

  write(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /** Undefined at the end, or when the reader is killed. */
  async read(killed?: AbortSignal): Promise<Uint8Array | undefined> {
    while (this.#chunks.length === 0 && !this.#ended && !killed?.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        killed?.addEventListener("abort", () => resolve(), { once: true });
      });
    }
    return this.#chunks.shift();
  }
}
