const form = /^v([1-9][0-9]*)(?:(alpha|beta)([1-9][0-9]*))?$/;
const rank: Readonly<Record<string, number>> = { alpha: 0, beta: 1 };

/** Orders versions, the one to prefer first: v10, v2, v1, v1beta2, v1beta1, v1alpha1, then names of no such form by alphabet (CompareKubeAwareVersionStrings). */
export const compareVersions = (a: string, b: string): number => {
  const [first, second] = [form.exec(a), form.exec(b)];
  if (!first || !second) return first ? -1 : second ? 1 : a < b ? -1 : a > b ? 1 : 0;
  const [, majorA, stageA, minorA = "0"] = first;
  const [, majorB, stageB, minorB = "0"] = second;
  const stage = (name: string | undefined): number => (name === undefined ? 2 : (rank[name] ?? 0));
  return stage(stageB) - stage(stageA) || Number(majorB) - Number(majorA) || Number(minorB) - Number(minorA);
};
