import type { EngineState } from "../process/engine-state.ts";

/** What the status bar says. */
export interface StatusText {
  readonly text: string;
  readonly tooltip: string;
  /** Run by a click. */
  readonly command: string;
  readonly alarm?: boolean;
}

/** What is known beyond the process: absent until the API server has said it. */
export interface ClusterFacts {
  readonly version?: string;
  readonly nodes?: number;
}

export const statusText = (state: EngineState, { version, nodes }: ClusterFacts): StatusText => {
  switch (state.kind) {
    case "stopped":
      return {
        text: "$(circle-outline) Drydock",
        tooltip: "The Kubernetes cluster is stopped. Click to start it.",
        command: "drydock.start",
      };
    case "starting":
      return { text: "$(loading~spin) Drydock: starting", tooltip: "The Kubernetes cluster is starting.", command: "drydock.openLog" };
    case "ready": {
      const facts = [
        ...(version === undefined ? [] : [version]),
        ...(nodes === undefined ? [] : [`${nodes} node${nodes === 1 ? "" : "s"}`]),
      ];
      const text = ["$(circle-filled) Drydock", ...(facts.length === 0 ? [] : [facts.join(" · ")])].join(": ");
      return {
        text,
        tooltip: `Kubernetes ${version ?? ""} at ${state.server}\nkubeconfig ${state.kubeconfig}\nClick for its commands.`,
        command: "drydock.clusterCommands",
      };
    }
    case "crashed":
      return {
        text: state.restarting ? "$(loading~spin) Drydock: restarting" : "$(error) Drydock: crashed",
        tooltip: `The Kubernetes cluster crashed: ${state.reason}\nClick for the log.`,
        command: "drydock.openLog",
        alarm: !state.restarting,
      };
  }
};
