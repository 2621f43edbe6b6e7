/** The life of the engine's process as the editor sees it. */
export type EngineState =
  | { readonly kind: "stopped" }
  | { readonly kind: "starting" }
  | { readonly kind: "ready"; readonly server: string; readonly kubeconfig: string }
  /** It ended without being asked to. `restarting`: another attempt is under way. */
  | { readonly kind: "crashed"; readonly reason: string; readonly restarting: boolean };

/** What the engine prints when its API server answers: `ready https://127.0.0.1:PORT kubeconfig FILE`. */
export const readyLine = (line: string): { readonly server: string; readonly kubeconfig: string } | undefined => {
  const found = /^ready (https:\/\/\S+) kubeconfig (.+)$/.exec(line);
  return found === null ? undefined : { server: found[1]!, kubeconfig: found[2]! };
};
