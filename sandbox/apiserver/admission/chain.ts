import type { AdmissionPlugin, Attributes } from "./plugin.ts";
import { Reinvocation } from "./reinvocation.ts";

/** Plugins in the order in which they see a request: first each may change the object, then each may refuse the result. */
export class AdmissionChain {
  readonly #plugins: AdmissionPlugin[];

  constructor(plugins: readonly AdmissionPlugin[]) {
    this.#plugins = [...plugins];
  }

  /** A second round follows where a webhook changed the object: plugins before it see what became of it. */
  async admit(attributes: Attributes): Promise<void> {
    const reinvocation = new Reinvocation();
    await this.#round(attributes, reinvocation);
    if (!reinvocation.wanted) return;
    reinvocation.again = true;
    await this.#round(attributes, reinvocation);
  }

  async #round(attributes: Attributes, reinvocation: Reinvocation): Promise<void> {
    for (const plugin of this.#plugins) {
      if (!plugin.admit || !plugin.handles(attributes)) continue;
      const pending = plugin.admit(attributes, reinvocation);
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
