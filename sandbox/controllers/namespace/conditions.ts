import type { NamespaceCondition } from "../../api/types.ts";
import { newCondition, withCondition } from "../workloads/conditions.ts";
import type { Remains } from "./content.ts";

/** How far a namespace's deletion is, in the words of its conditions; `now` in milliseconds. Those that were never bad are left out until one is. */
export const deletionConditions = (
  current: readonly NamespaceCondition[] | undefined,
  discoveryFailure: string | undefined,
  { errors, remaining, finalizers }: Remains,
  now: number,
): readonly NamespaceCondition[] => {
  const found = [...remaining].map(([what, count]) => `${what} has ${count} resource instances`).sort();
  const held = [...finalizers].map(([finalizer, count]) => `${finalizer} in ${count} resource instances`).sort();
  const said: readonly (readonly [type: string, failed: boolean, good: readonly [string, string], bad: readonly [string, string]])[] = [
    [
      "NamespaceDeletionDiscoveryFailure",
      discoveryFailure !== undefined,
      ["ResourcesDiscovered", "All resources successfully discovered"],
      ["DiscoveryFailed", `Discovery failed for some groups, 1 failing: ${discoveryFailure ?? ""}`],
    ],
    ["NamespaceDeletionGroupVersionParsingFailure", false, ["ParsedGroupVersions", "All legacy kube types successfully parsed"], ["", ""]],
    [
      "NamespaceDeletionContentFailure",
      errors.length > 0,
      ["ContentDeleted", "All content successfully deleted, may be waiting on finalization"],
      ["ContentDeletionFailed", `Failed to delete all resource types, ${errors.length} remaining: ${errors.toSorted().join(", ")}`],
    ],
    [
      "NamespaceContentRemaining",
      found.length > 0,
      ["ContentRemoved", "All content successfully removed"],
      ["SomeResourcesRemain", `Some resources are remaining: ${found.join(", ")}`],
    ],
    [
      "NamespaceFinalizersRemaining",
      held.length > 0,
      ["ContentHasNoFinalizers", "All content-preserving finalizers finished"],
      ["SomeFinalizersRemain", `Some content in the namespace has finalizers remaining: ${held.join(", ")}`],
    ],
  ];
  let conditions = current ?? [];
  for (const [type, failed, good, bad] of said) {
    const [reason, message] = failed ? bad : good;
    const condition = newCondition(type, failed ? "True" : "False", reason, message, now);
    const before = conditions.find((known) => known.type === type);
    if (!before) conditions = [...conditions, condition];
    else if (before.status !== condition.status) conditions = withCondition(conditions, condition);
    else if (before.reason !== reason || before.message !== message)
      conditions = conditions.map((known) => (known === before ? { ...before, reason, message } : known));
  }
  return conditions;
};
