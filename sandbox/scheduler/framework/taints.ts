import type { Taint, Toleration } from "../../api/types.ts";

/** Whether a toleration bears a taint (v1.Toleration.ToleratesTaint). */
export const bears = (toleration: Toleration, taint: Taint): boolean => {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  switch (toleration.operator ?? "") {
    case "":
    case "Equal":
      return (toleration.value ?? "") === (taint.value ?? "");
    case "Exists":
      return true;
    case "Gt":
    case "Lt":
      return bearsNumber(toleration, taint);
    default:
      return false;
  }
};

/** `Gt`: the taint's number is greater than the toleration's. */
const bearsNumber = ({ operator, value }: Toleration, taint: Taint): boolean => {
  const [bound, actual] = [value ?? "", taint.value ?? ""];
  if (!isInteger(bound) || !isInteger(actual)) return false;
  return operator === "Gt" ? BigInt(actual) > BigInt(bound) : BigInt(actual) < BigInt(bound);
};

const isInteger = (text: string): boolean => /^-?(0|[1-9][0-9]{0,18})$/.test(text);

export const tolerates = (tolerations: readonly Toleration[], taint: Taint): boolean =>
  tolerations.some((toleration) => bears(toleration, taint));

/** Keeps new pods away. */
export const repels = ({ effect }: Taint): boolean => effect === "NoSchedule" || effect === "NoExecute";

/** Keeps new pods away if there is another place. */
export const discourages = ({ effect }: Taint): boolean => effect === "PreferNoSchedule";

/** The first taint that keeps a pod with these tolerations away. */
export const repellingTaint = (taints: readonly Taint[], tolerations: readonly Toleration[]): Taint | undefined =>
  taints.find((taint) => repels(taint) && !tolerates(tolerations, taint));
