import type { Draft, KubeObject } from "../../../apimachinery/meta/types.ts";
import type { SubresourceStrategy } from "../strategy.ts";

type WithSpec = KubeObject & { readonly spec?: unknown };

/** An update of the object leaves its status, and one of the status its spec: they are shared, not copied, since nobody changes a stored object. */
export const keepStatus = <T extends KubeObject & { readonly status?: unknown }>(draft: Draft<T>, previous: T): void => {
  const target = draft as { status?: unknown };
  if (previous.status === undefined) delete target.status;
  else target.status = previous.status;
};

export const keepSpec = <T extends WithSpec>(draft: Draft<T>, previous: T): void => {
  const target = draft as { spec?: unknown };
  if (previous.spec === undefined) delete target.spec;
  else target.spec = previous.spec;
};

/** The `status` subresource of most kinds: writes the status and leaves the spec. */
export const statusStrategy = <T extends WithSpec>(validateUpdate?: SubresourceStrategy<T>["validateUpdate"]): SubresourceStrategy<T> => ({
  prepareForUpdate: keepSpec,
  ...(validateUpdate && { validateUpdate }),
  resetFields: ["spec"],
});
