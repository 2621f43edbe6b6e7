import type { Namespace } from "../../../api/types.ts";
import { forbidden, notFound } from "../../../apimachinery/errors/constructors.ts";
import { StatusError } from "../../../apimachinery/errors/status.ts";
import { isFor, type AdmissionContext, type AdmissionPlugin, type Attributes } from "../plugin.ts";
import { refused } from "../refusal.ts";

const immortal: ReadonlySet<string> = new Set(["default", "kube-system", "kube-public"]);

/** Keeps the system's namespaces, and lets nothing into a namespace that is not there or is going. */
export const namespaceLifecycle = ({ reader }: AdmissionContext): AdmissionPlugin => ({
  name: "NamespaceLifecycle",
  handles: ({ operation }) => operation !== "CONNECT",
  admit(attributes) {
    const { operation, entry, namespace, name } = attributes;
    if (isFor(attributes, "", "namespaces", attributes.subresource)) {
      if (operation === "DELETE" && immortal.has(name)) throw forbidden(entry, name, "this namespace may not be deleted");
      return;
    }
    if (namespace === "" || operation === "DELETE") return;
    const found = reader.get("", "namespaces", "", namespace) as Namespace | undefined;
    if (!found) throw notFound({ group: "", resource: "namespaces" }, namespace);
    if (operation === "CREATE" && found.status?.phase === "Terminating") throw terminating(attributes);
  },
});

const terminating = (attributes: Attributes): StatusError => {
  const { namespace } = attributes;
  const { status } = refused(attributes, `unable to create new content in namespace ${namespace} because it is being terminated`);
  const cause = { reason: "NamespaceTerminating", message: `namespace ${namespace} is being terminated`, field: "metadata.namespace" };
  return new StatusError({ ...status, details: { ...status.details, causes: [cause] } });
};
