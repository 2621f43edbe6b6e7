import type { Ingress } from "../../../../api/types.ts";
import { setFirstGeneration, setNextGeneration } from "../../generic/generation.ts";
import { metadataErrors, metadataUpdateErrors } from "../../generic/metadata.ts";
import { keepStatus, statusStrategy } from "../../generic/status.ts";
import { defineStrategy } from "../../strategy.ts";
import { ingressCreateErrors, ingressErrors, ingressStatusErrors } from "./validation.ts";

const classAnnotation = "kubernetes.io/ingress.class";

export const ingressStrategy = defineStrategy<Ingress>({
  group: "networking.k8s.io",
  resource: "ingresses",
  prepareForCreate: (draft) => {
    draft.status = { loadBalancer: {} };
    setFirstGeneration(draft);
  },
  prepareForUpdate: (draft, previous) => {
    keepStatus(draft, previous);
    setNextGeneration(draft, previous);
  },
  validate: (ingress) => [...ingressErrors(ingress), ...ingressCreateErrors(ingress)],
  validateUpdate: (next, previous) => [...metadataErrors(next, true), ...ingressErrors(next), ...metadataUpdateErrors(next, previous)],
  warnings: ({ metadata }, previous) =>
    previous === undefined && metadata.annotations?.[classAnnotation] !== undefined
      ? [`annotation "${classAnnotation}" is deprecated, please use 'spec.ingressClassName' instead`]
      : [],
  allowUnconditionalUpdate: true,
  resetFields: ["status"],
  subresources: {
    status: statusStrategy<Ingress>((next, previous) => [...metadataUpdateErrors(next, previous), ...ingressStatusErrors(next)]),
  },
});
