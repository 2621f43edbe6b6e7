import type { Binding, Node } from "../../../api/types.ts";
import type { AdmissionContext, AdmissionPlugin } from "../plugin.ts";

const copied = ["topology.kubernetes.io/zone", "topology.kubernetes.io/region"];

/** Tells a pod where its node stands, as it is bound to it (since 1.35). */
export const podTopologyLabels = ({ reader, enabled }: AdmissionContext): AdmissionPlugin => ({
  name: "PodTopologyLabels",
  handles: ({ operation, entry, subresource }) =>
    operation === "CREATE" &&
    subresource === "binding" &&
    entry.stored.group === "" &&
    entry.stored.resource === "pods" &&
    enabled("PodTopologyLabelsAdmission"),
  admit({ object }) {
    const { target } = object as unknown as Binding;
    if ((target.kind ?? "Node") !== "Node") return;
    const labels = (reader.get("", "nodes", "", target.name ?? "") as Node | undefined)?.metadata.labels ?? {};
    const known = copied.flatMap((key) => (labels[key] === undefined ? [] : [[key, labels[key]] as const]));
    const { metadata } = object!;
    if (known.length > 0) metadata.labels = { ...metadata.labels, ...Object.fromEntries(known) };
  },
});
