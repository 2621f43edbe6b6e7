import { badRequest } from "../../apimachinery/errors/constructors.ts";
import { failure } from "../../apimachinery/errors/status.ts";
import type { Connect } from "./resources.ts";

/** No node can be reached: a control plane without kubelets. */
export const connectNowhere: Connect = (_asked, { entry, subresource }) => {
  if (subresource.name === "exec" || subresource.name === "attach" || subresource.name === "portforward")
    throw badRequest("Upgrade request required");
  throw failure(503, "ServiceUnavailable", `${entry.resource} have nothing to connect to`);
};
