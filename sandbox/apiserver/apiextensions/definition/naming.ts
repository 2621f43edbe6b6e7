import type { Condition, CustomResourceDefinition, DefinitionNames } from "./definition.ts";

type NameCondition = Omit<Condition, "lastTransitionTime">;

/** What is decided of a definition's names. */
export interface Naming {
  readonly accepted: DefinitionNames;
  readonly namesAccepted: NameCondition;
  /** Absent where it was established before and stays so. */
  readonly established: NameCondition;
}

const established = (status: "True" | "False", reason: string, message: string): NameCondition => ({
  type: "Established",
  status,
  reason,
  message,
});

const taken = (name: string | undefined, current: string | undefined, used: ReadonlySet<string>): string | undefined =>
  name === undefined || name === "" || name === current || !used.has(name) ? undefined : `${JSON.stringify(name)} is already in use`;

/**
 * Which of the names that a definition asks for it gets: those that no other established definition of its group has (NamingConditionController).
 * Names are given one by one; what was accepted before is kept where the new one is taken.
 */
export const decideNames = (definition: CustomResourceDefinition, others: readonly CustomResourceDefinition[]): Naming => {
  const { names: asked, group } = definition.spec;
  const current = definition.status?.acceptedNames;
  const rivals = others
    .filter((other) => other.metadata.name !== definition.metadata.name && other.spec.group === group)
    .map(({ status }) => status?.acceptedNames);
  const resources = new Set(rivals.flatMap((names) => (names ? [names.plural, names.singular ?? "", ...(names.shortNames ?? [])] : [])));
  const kinds = new Set(rivals.flatMap((names) => (names ? [names.kind, names.listKind ?? ""] : [])));
  const problem: { first?: { reason: string; message: string } } = {};
  const decide = <T>(reason: string, want: T, have: T, conflict: string | undefined): T => {
    if (conflict === undefined) return want;
    problem.first = { reason, message: conflict };
    return have;
  };
  const plural = decide("PluralConflict", asked.plural, current?.plural ?? "", taken(asked.plural, current?.plural, resources));
  const singular = decide("SingularConflict", asked.singular, current?.singular, taken(asked.singular, current?.singular, resources));
  const shortConflicts = (asked.shortNames ?? [])
    .filter((name) => !(current?.shortNames ?? []).includes(name) && resources.has(name))
    .map((name) => `${JSON.stringify(name)} is already in use`);
  const shortConflict =
    shortConflicts.length === 0 ? undefined : shortConflicts.length === 1 ? shortConflicts[0] : `[${shortConflicts.join(", ")}]`;
  const shortNames = decide("ShortNamesConflict", asked.shortNames, current?.shortNames, shortConflict);
  const kind = decide("KindConflict", asked.kind, current?.kind ?? "", taken(asked.kind, current?.kind, kinds));
  const listKind = decide("ListKindConflict", asked.listKind, current?.listKind, taken(asked.listKind, current?.listKind, kinds));
  const accepted: DefinitionNames = {
    plural,
    ...(singular !== undefined && { singular }),
    ...(shortNames && { shortNames }),
    kind,
    ...(listKind !== undefined && { listKind }),
    ...(asked.categories && { categories: asked.categories }),
  };
  const { first } = problem;
  if (first)
    return {
      accepted,
      namesAccepted: { type: "NamesAccepted", status: "False", ...first },
      established: established("False", "NotAccepted", "not all names are accepted"),
    };
  return {
    accepted,
    namesAccepted: { type: "NamesAccepted", status: "True", reason: "NoConflicts", message: "no conflicts found" },
    established: established("True", "InitialNamesAccepted", "the initial names have been accepted"),
  };
};
