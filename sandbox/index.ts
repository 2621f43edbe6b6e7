/** The door for hosts: a cluster to start, and the words to speak to it with. */
export type * from "./api/types.ts";
export * from "./api/resources.ts";
export { StatusError, hasReason, type Status, type StatusCause, type StatusReason } from "./apimachinery/errors/status.ts";
export {
  apiVersionOf,
  type AnyObject,
  type KubeList,
  type KubeObject,
  type ObjectMeta,
  type OwnerReference,
  type ResourceType,
} from "./apimachinery/meta/types.ts";
export { quantityOf } from "./apimachinery/quantity/parse.ts";
