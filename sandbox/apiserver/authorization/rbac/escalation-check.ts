import type { AdmissionPlugin } from "../../admission/plugin.ts";
import type { Authorizer } from "../authorizer.ts";
import { checkEscalation } from "./escalation.ts";
import type { PolicySource } from "./rule-resolver.ts";

const resources = new Set(["roles", "clusterroles", "rolebindings", "clusterrolebindings"]);

/** Looks at every write to roles and bindings, and refuses what would grant more than the writer holds. */
export const escalationCheck = (source: PolicySource, authorizer: Authorizer): AdmissionPlugin => ({
  name: "RBACEscalation",
  handles: ({ entry, operation }) =>
    entry.stored.group === "rbac.authorization.k8s.io" &&
    resources.has(entry.stored.resource) &&
    (operation === "CREATE" || operation === "UPDATE"),
  validate({ operation, entry, namespace, name, user, object, oldObject }) {
    if (!object) return;
    checkEscalation(
      {
        // The name of what is created stands in the object, not in the path.
        operation: { resource: entry.stored.resource, namespace, name: operation === "CREATE" ? "" : name, user },
        next: object,
        previous: oldObject,
      },
      source,
      authorizer,
    );
  },
});
