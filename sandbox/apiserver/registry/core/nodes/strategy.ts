import type { Node } from "../../../../api/types.ts";
import type { Draft } from "../../../../apimachinery/meta/types.ts";
import { metadataErrors } from "../../generic/metadata.ts";
import { keepSpec, keepStatus } from "../../generic/status.ts";
import { defineStrategy } from "../../strategy.ts";
import { roundAmounts } from "../podspec/round-amounts.ts";
import { validateNode, validateNodeUpdate } from "./validation.ts";

/** The one network of the pods has an old field; where the two differ, it is right. */
const syncPodCIDRs = ({ spec }: Draft<Node>): void => {
  if (!spec) return;
  if (spec.podCIDR && spec.podCIDR !== spec.podCIDRs?.[0]) spec.podCIDRs = [spec.podCIDR];
  else if (spec.podCIDRs?.[0]) spec.podCIDR = spec.podCIDRs[0];
};

const dropConfigSource = (draft: Draft<Node>, previous?: Node): void => {
  if (!previous?.spec?.configSource && draft.spec) delete draft.spec.configSource;
};

export const nodeStrategy = defineStrategy<Node>({
  group: "",
  resource: "nodes",
  setDefaults: (draft) => {
    const { status } = draft;
    if (status?.capacity && !status.allocatable) status.allocatable = { ...status.capacity };
    roundAmounts(status?.capacity);
    roundAmounts(status?.allocatable);
    syncPodCIDRs(draft);
  },
  prepareForCreate: (draft) => {
    dropConfigSource(draft);
  },
  prepareForUpdate: (draft, previous) => {
    keepStatus(draft, previous);
    dropConfigSource(draft, previous);
  },
  validate: validateNode,
  validateUpdate: (next, previous) => [...metadataErrors(next, false), ...validateNode(next), ...validateNodeUpdate(next, previous)],
  warnings: ({ spec }) => [
    ...(spec?.configSource ? ["spec.configSource: the feature is no longer supported, and has no effect"] : []),
    ...(spec?.externalID ? ["spec.externalID: this field is deprecated, and is unused by Kubernetes"] : []),
  ],
  allowUnconditionalUpdate: true,
  resetFields: ["status"],
  subresources: { status: { prepareForUpdate: keepSpec, validateUpdate: validateNodeUpdate, resetFields: ["spec"] } },
  selectableFields: { "spec.unschedulable": ({ spec }) => String(spec?.unschedulable ?? false) },
});
