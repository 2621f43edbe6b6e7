import { validatingAdmissionPolicies } from "../../api/resources.ts";
import { defineController } from "../framework/define-controller.ts";

/** Notes that a ValidatingAdmissionPolicy has been seen in its newest form. Expressions are checked when they are written, against no schema. */
export const validatingAdmissionPolicyStatusController = defineController({
  name: "validatingadmissionpolicy-status-controller",
  alias: "validatingadmissionpolicy-status",
  reconciles: validatingAdmissionPolicies,
  async reconcile(key, { client, cache }) {
    const policy = cache.get(validatingAdmissionPolicies, key);
    if (!policy) return;
    const { name, generation = 0 } = policy.metadata;
    if (generation <= (policy.status?.observedGeneration ?? 0)) return;
    await client.apply(
      validatingAdmissionPolicies,
      { metadata: { name }, spec: policy.spec, status: { observedGeneration: generation, typeChecking: {} } },
      { fieldManager: "validatingadmissionpolicy-status", force: true, subresource: "status" },
    );
  },
});
