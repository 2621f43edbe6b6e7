import type { Pod, PriorityClass } from "../../../api/types.ts";
import { isFor, type AdmissionContext, type AdmissionPlugin, type Attributes } from "../plugin.ts";
import { podOf, writesPod } from "../pod-spec.ts";
import { refused } from "../refusal.ts";

const group = "scheduling.k8s.io";

/** Turns the name of a pod's priority class into a number, and allows one default class only. */
export const priority = (context: AdmissionContext): AdmissionPlugin => ({
  name: "Priority",
  handles: (attributes) => writesPod(attributes) || (attributes.operation !== "DELETE" && isFor(attributes, group, "priorityclasses")),
  admit(attributes) {
    if (!writesPod(attributes)) return;
    if (attributes.operation === "UPDATE") keepPriority(attributes);
    else givePriority(context, attributes);
  },
  validate(attributes) {
    const asked = attributes.object as PriorityClass | undefined;
    if (writesPod(attributes) || !asked?.globalDefault) return;
    const standing = defaultClass(context);
    if (!standing || (attributes.operation === "UPDATE" && standing.metadata.name === asked.metadata.name)) return;
    throw refused(attributes, `PriorityClass ${standing.metadata.name ?? ""} is already marked as default. Only one default can exist`);
  },
});

const keepPriority = (attributes: Attributes): void => {
  const { spec } = podOf(attributes);
  const previous = (attributes.oldObject as Pod | undefined)?.spec;
  if (!spec || !previous) return;
  if (spec.priority === undefined && previous.priority !== undefined) spec.priority = previous.priority;
  if (spec.preemptionPolicy === undefined && previous.preemptionPolicy !== undefined) spec.preemptionPolicy = previous.preemptionPolicy;
};

const givePriority = (context: AdmissionContext, attributes: Attributes): void => {
  const { spec } = podOf(attributes);
  if (!spec) return;
  const name = spec.priorityClassName ?? "";
  const found = name === "" ? defaultClass(context) : (context.reader.get(group, "priorityclasses", "", name) as PriorityClass | undefined);
  if (!found && name !== "") throw refused(attributes, `no PriorityClass with name ${name} was found`);
  if (found && name === "") spec.priorityClassName = found.metadata.name!;
  const value = found?.value ?? 0;
  const policy = found?.preemptionPolicy ?? "PreemptLowerPriority";
  if (spec.priority !== undefined && spec.priority !== value)
    throw refused(
      attributes,
      `the integer value of priority (${String(spec.priority)}) must not be provided in pod spec; priority admission controller computed ${String(value)} from the given PriorityClass name`,
    );
  spec.priority = value;
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy)
    throw refused(
      attributes,
      `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${policy} from the given PriorityClass name`,
    );
  spec.preemptionPolicy = policy;
};

/** The lowest of those marked as default, should there be several. */
const defaultClass = ({ reader }: AdmissionContext): PriorityClass | undefined => {
  const marked = (reader.list(group, "priorityclasses") as unknown as readonly PriorityClass[]).filter(
    ({ globalDefault }) => globalDefault,
  );
  return marked.toSorted((a, b) => (a.value ?? 0) - (b.value ?? 0))[0];
};
