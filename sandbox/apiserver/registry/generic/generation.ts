import { isSemanticallyEqual } from "../../../apimachinery/equality/equality.ts";
import type { Draft, KubeObject } from "../../../apimachinery/meta/types.ts";

type WithSpec = KubeObject & { readonly spec?: unknown };

/** A new object's spec is its first. */
export const setFirstGeneration = (draft: Draft<KubeObject>): void => {
  draft.metadata.generation = 1;
};

/** A changed spec is the next generation of it. */
export const setNextGeneration = <T extends WithSpec>(draft: Draft<T>, previous: T): void => {
  const old = previous.metadata.generation ?? 0;
  (draft as Draft<WithSpec>).metadata.generation = isSemanticallyEqual((draft as Draft<WithSpec>).spec, previous.spec) ? old : old + 1;
};
