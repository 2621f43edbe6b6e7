import type { AdmissionPlugin, Attributes } from "./plugin.ts";

/** Plugins in the order in which they see a request: first each may change the object, then each may refuse the result. */
export class AdmissionChain {
  readonly #plugins: AdmissionPlugin[];

  constructor(plugins: readonly AdmissionPlugin[]) {
    this.#plugins = [...plugins];
  }

  /** Answers undefined when every plugin answered at once. */
  async admit(attributes: Attributes): Promise<void> {
    for (const plugin of this.#plugins) {
      if (!plugin.admit || !plugin.handles(attributes)) continue;
      const pending = plugin.admit(attributes);
      if (pending) await pending;
    }
  }

  async validate(attributes: Attributes): Promise<void> {
    for (const plugin of this.#plugins) {
      if (!plugin.validate || !plugin.handles(attributes)) continue;
      const pending = plugin.validate(attributes);
      if (pending) await pending;
    }
  }
}
