import type { NetworkPolicy } from "../../../../api/types.ts";
import { setFirstGeneration, setNextGeneration } from "../../generic/generation.ts";
import { metadataErrors, metadataUpdateErrors } from "../../generic/metadata.ts";
import { defineStrategy } from "../../strategy.ts";
import { networkPolicyErrors } from "./validation.ts";

export const networkPolicyStrategy = defineStrategy<NetworkPolicy>({
  group: "networking.k8s.io",
  resource: "networkpolicies",
  setDefaults: ({ spec }) => {
    for (const { ports } of [...(spec?.ingress ?? []), ...(spec?.egress ?? [])]) for (const port of ports ?? []) port.protocol ||= "TCP";
    if (spec && (spec.policyTypes ?? []).length === 0)
      spec.policyTypes = (spec.egress ?? []).length > 0 ? ["Ingress", "Egress"] : ["Ingress"];
  },
  prepareForCreate: setFirstGeneration,
  prepareForUpdate: setNextGeneration,
  validate: networkPolicyErrors,
  validateUpdate: (next, previous) => [
    ...metadataErrors(next, true),
    ...networkPolicyErrors(next),
    ...metadataUpdateErrors(next, previous),
  ],
  allowUnconditionalUpdate: true,
});
