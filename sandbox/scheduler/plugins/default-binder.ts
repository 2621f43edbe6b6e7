import { pods } from "../../api/resources.ts";
import type { Plugin } from "../framework/plugin.ts";

/** Binds by the API's own `binding` subresource. */
export const defaultBinder: Plugin = {
  name: "DefaultBinder",
  async bind({ namespace, name, pod }, nodeName, { client }) {
    await client.post(pods, { namespace, name }, "binding", {
      apiVersion: "v1",
      kind: "Binding",
      metadata: { namespace, name, uid: pod.metadata.uid },
      target: { kind: "Node", name: nodeName },
    });
    return undefined;
  },
};
