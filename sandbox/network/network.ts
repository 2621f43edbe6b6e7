/** CNI's part: addresses for pods. The kubelet's runtime asks; drivers answer. */
export interface PodNetwork {
  /** Joins a sandbox to the network of its node; answers its addresses, the primary one first. */
  attach(pod: { readonly sandboxId: string; readonly namespace: string; readonly name: string }): Promise<readonly string[]>;
  /** Harmless when it was never attached. */
  detach(sandboxId: string): Promise<void>;
}

/** A request as a simulated pod answers it. */
export interface SimulatedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface SimulatedAnswer {
  readonly code: number;
  readonly contentType: string;
  readonly body: string;
}

/** Who answers at an address. */
export interface Listener {
  /** Undefined where nothing listens on the port: connection refused. */
  request(port: number, request: SimulatedRequest): SimulatedAnswer | undefined;
}
