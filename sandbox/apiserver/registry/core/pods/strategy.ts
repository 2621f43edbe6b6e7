import type { Container, Pod, PodStatus } from "../../../../api/types.ts";
import { isSemanticallyEqual } from "../../../../apimachinery/equality/equality.ts";
import type { Draft } from "../../../../apimachinery/meta/types.ts";
import { isDNS1123Label } from "../../../../apimachinery/validation/names.ts";
import { keepSpec, keepStatus } from "../../generic/status.ts";
import { defineStrategy, type StrategyContext } from "../../strategy.ts";
import { syncServiceAccount } from "../podspec/defaults.ts";
import { dropDisabledPodFields } from "../podspec/disabled-fields.ts";
import { podRules, type PodRules } from "../podspec/options.ts";
import { podWarnings } from "../podspec/warnings.ts";
import { syncAppArmor } from "./app-armor.ts";
import { addGatedCondition } from "./conditions.ts";
import { setPodDefaults } from "./defaults.ts";
import { mergeLabelKeys } from "./label-keys.ts";
import { computeQOS } from "./qos.ts";
import { validatePodStatusUpdate } from "./status.ts";
import { keepOthers, validateEphemeralContainersUpdate, validateResize } from "./subresources.ts";
import { validatePodUpdate } from "./update.ts";
import { validatePod } from "./validation.ts";

const rulesOf = (context: StrategyContext, previous?: Pod): PodRules => podRules(true, context, previous);

/** updatePodGeneration: pods count their generations since 1.33. */
const countGeneration = (draft: Draft<Pod>, previous: Pod, { enabled }: StrategyContext): void => {
  if (enabled("PodObservedGenerationTracking") && !isSemanticallyEqual(draft.spec, previous.spec))
    draft.metadata.generation = (draft.metadata.generation ?? 0) + 1;
};

export const podStrategy = defineStrategy<Pod>({
  group: "",
  resource: "pods",
  setDefaults: setPodDefaults,
  prepareForCreate: (draft, context) => {
    if (context.enabled("PodObservedGenerationTracking")) draft.metadata.generation = 1;
    draft.status = { phase: "Pending", qosClass: computeQOS(draft.spec, context.enabled("PodLevelResources")) };
    dropDisabledPodFields(draft.spec, undefined, context);
    syncServiceAccount(draft.spec);
    addGatedCondition(draft, context.now);
    mergeLabelKeys(draft, context);
    syncAppArmor(draft, context);
  },
  prepareForUpdate: (draft, previous, context) => {
    keepStatus(draft, previous);
    syncServiceAccount(draft.spec);
    dropDisabledPodFields(draft.spec, previous.spec, context);
    countGeneration(draft, previous, context);
  },
  validate: (pod, context) => validatePod(pod, rulesOf(context)),
  validateUpdate: (next, previous, context) => validatePodUpdate(next, previous, rulesOf(context, previous)),
  warnings: (pod, previous) => {
    if (previous) return [];
    const sentences = isDNS1123Label(pod.metadata.name ?? "");
    const words = "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended";
    return [...(sentences.length > 0 ? [`${words}: [${sentences.join(" ")}]`] : []), ...podWarnings(pod.spec, pod.metadata, "", true)];
  },
  allowUnconditionalUpdate: true,
  resetFields: ["status"],
  subresources: {
    status: {
      prepareForUpdate: (draft, previous) => {
        keepSpec(draft, previous);
        delete draft.metadata.deletionTimestamp;
        if (previous.metadata.ownerReferences)
          draft.metadata.ownerReferences = previous.metadata.ownerReferences as Draft<Pod>["metadata"]["ownerReferences"];
        else delete draft.metadata.ownerReferences;
        const status: Draft<PodStatus> = (draft.status ??= {});
        status.qosClass ||= previous.status?.qosClass;
        syncAddresses(status);
      },
      validateUpdate: (next, previous, context) => validatePodStatusUpdate(next, previous, rulesOf(context, previous)),
      resetFields: ["spec", "metadata.deletionTimestamp", "metadata.ownerReferences"],
    },
    ephemeralcontainers: {
      prepareForUpdate: (draft, previous, context) => {
        const { ephemeralContainers } = draft.spec;
        draft.spec = { ...previous.spec, ephemeralContainers } as Draft<Pod>["spec"];
        if (!ephemeralContainers) delete draft.spec.ephemeralContainers;
        keepOthers(draft, previous);
        dropDisabledPodFields(draft.spec, previous.spec, context);
        countGeneration(draft, previous, context);
      },
      validateUpdate: (next, previous, context) => validateEphemeralContainersUpdate(next, previous, rulesOf(context, previous)),
    },
    resize: {
      prepareForUpdate: (draft, previous, context) => {
        keepAllButResources(draft, previous);
        dropDisabledPodFields(draft.spec, previous.spec, context);
        countGeneration(draft, previous, context);
      },
      validateUpdate: (next, previous, context) => validateResize(next, previous, rulesOf(context, previous)),
    },
  },
  gracePeriod: ({ spec, status }, asked) => {
    if (!spec.nodeName || status?.phase === "Failed" || status?.phase === "Succeeded") return 0;
    const seconds = asked ?? spec.terminationGracePeriodSeconds ?? 0;
    return seconds < 0 ? 1 : seconds;
  },
  selectableFields: {
    "spec.nodeName": ({ spec }) => spec.nodeName ?? "",
    "spec.restartPolicy": ({ spec }) => spec.restartPolicy ?? "",
    "spec.schedulerName": ({ spec }) => spec.schedulerName ?? "",
    "spec.serviceAccountName": ({ spec }) => spec.serviceAccountName ?? "",
    "spec.hostNetwork": ({ spec }) => String(spec.hostNetwork ?? false),
    "status.phase": ({ status }) => status?.phase ?? "",
    // Known, but of no pod.
    "status.podIPs": () => "",
    "status.podIP": ({ status }) => status?.podIPs?.[0]?.ip ?? status?.podIP ?? "",
    "status.nominatedNodeName": ({ status }) => status?.nominatedNodeName ?? "",
  },
});

/** A pod's first address has a field of its own; where the two differ, an old kubelet has written that one. */
const syncAddresses = (status: Draft<PodStatus>): void => {
  const first = status.podIPs?.[0]?.ip;
  if (status.podIP && status.podIP !== first) status.podIPs = [{ ip: status.podIP }];
  else if (first) status.podIP = first;
};

/** dropNonResizeUpdates: containers that came, went or moved are left for validation to refuse. */
const keepAllButResources = (draft: Draft<Pod>, previous: Pod): void => {
  const merged = (containers: Draft<Container>[] | undefined, old: readonly Container[] | undefined): Draft<Container>[] | undefined => {
    if ((containers?.length ?? 0) !== (old?.length ?? 0) || containers?.some(({ name }, at) => name !== old?.[at]?.name)) return undefined;
    return (old ?? []).map((container, at) => {
      const { resources, resizePolicy } = containers![at]!;
      return { ...container, resources, ...(resizePolicy && { resizePolicy }) } as Draft<Container>;
    });
  };
  const containers = merged(draft.spec.containers, previous.spec.containers);
  const initContainers = merged(draft.spec.initContainers, previous.spec.initContainers);
  if (!containers || !initContainers) return;
  draft.spec = { ...previous.spec, containers, ...(initContainers.length > 0 && { initContainers }) } as Draft<Pod>["spec"];
  keepOthers(draft, previous);
};
