const groupsWithPlainNames = ["core", "rbac", "meta"];

interface Candidate {
  readonly schemaName: string;
  /** A kind rather than a struct inside one. */
  readonly isKind: boolean;
}

const versionRank = (version: string): number => Number(/\d+/.exec(version)?.[0] ?? 0);
const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * A TypeScript name for every schema: the plain one (`Pod`, `HorizontalPodAutoscaler`) where there is no other, else for a kind before a struct,
 * for core and rbac before other groups, for the newest version of a group; the others say group and version in front (`AutoscalingV1HorizontalPodAutoscaler`).
 */
export const typeNames = (candidates: readonly Candidate[]): ReadonlyMap<string, string> => {
  const names = new Map<string, string>();
  const byPlainName = Map.groupBy(candidates, ({ schemaName }) => schemaName.split(".").at(-1)!);
  for (const [plain, rivals] of byPlainName) {
    const winner = winnerOf(rivals);
    for (const { schemaName } of rivals) {
      const [group = "", version = ""] = schemaName.split(".").slice(-3);
      names.set(schemaName, schemaName === winner ? plain : `${capitalized(group)}${capitalized(version)}${plain}`);
    }
  }
  return names;
};

const winnerOf = (rivals: readonly Candidate[]): string | undefined => {
  const kinds = rivals.filter(({ isKind }) => isKind);
  const left = kinds.length > 0 ? kinds : rivals;
  const groupOf = ({ schemaName }: Candidate): string => schemaName.split(".").at(-3)!;
  const groups = new Set(left.map(groupOf));
  const group = groups.size === 1 ? [...groups][0] : groupsWithPlainNames.find((name) => groups.has(name));
  const newest = left
    .filter((rival) => groupOf(rival) === group)
    .toSorted((one, other) => versionRank(other.schemaName.split(".").at(-2)!) - versionRank(one.schemaName.split(".").at(-2)!));
  return newest[0]?.schemaName;
};
