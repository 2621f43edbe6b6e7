import type { Pod } from "../../api/types.ts";
import type { Draft } from "../../apimachinery/meta/types.ts";
import { isFor, type Attributes } from "./plugin.ts";

/** The pod of a request about pods; plugins change it in place. */
export const podOf = (attributes: Attributes): Draft<Pod> => attributes.object as unknown as Draft<Pod>;

/** A request that makes a pod. */
export const createsPod = (attributes: Attributes): boolean => attributes.operation === "CREATE" && isFor(attributes, "", "pods");

/** A request that makes a pod or changes one, not by a subresource. */
export const writesPod = (attributes: Attributes): boolean =>
  (attributes.operation === "CREATE" || attributes.operation === "UPDATE") && isFor(attributes, "", "pods");

/** Pods that a kubelet shows of what it runs from files. */
export const isMirror = ({ metadata }: { readonly metadata: { readonly annotations?: Readonly<Record<string, string>> } }): boolean =>
  metadata.annotations?.["kubernetes.io/config.mirror"] !== undefined;
