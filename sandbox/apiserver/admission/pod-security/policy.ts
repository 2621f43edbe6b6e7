import { invalidValue, type FieldError } from "../../../apimachinery/validation/field-error.ts";

export const levels = ["privileged", "baseline", "restricted"] as const;
export type Level = (typeof levels)[number];

/** A level as some release of Kubernetes had it: `restricted:v1.25`. `minor` is undefined for the newest. */
export interface LevelVersion {
  readonly level: Level;
  readonly minor?: number;
}

export interface Policy {
  readonly enforce: LevelVersion;
  readonly audit: LevelVersion;
  readonly warn: LevelVersion;
}

const prefix = "pod-security.kubernetes.io/";

export const inWords = ({ level, minor }: LevelVersion): string => `${level}:${minor === undefined ? "latest" : `v1.${String(minor)}`}`;

export const isSame = (a: LevelVersion, b: LevelVersion): boolean => a.level === b.level && a.minor === b.minor;

/** Negative, zero or positive, as one level is laxer than, equal to or stricter than the other. */
export const compareLevels = (a: Level, b: Level): number => levels.indexOf(a) - levels.indexOf(b);

/** What a namespace's labels ask for, and what is wrong with them. Labels that cannot be read enforce the strictest, and neither audit nor warn. */
export const policyOf = (
  labels: Readonly<Record<string, string>> = {},
): { readonly policy: Policy; readonly errors: readonly FieldError[] } => {
  const errors: FieldError[] = [];
  const read = (mode: string, otherwise: Level): LevelVersion => {
    const level = labels[prefix + mode];
    const isKnown = level === undefined || (levels as readonly string[]).includes(level);
    if (!isKnown) errors.push(invalidValue(`metadata.labels[${prefix}${mode}]`, level, `must be one of ${levels.join(", ")}`));
    const chosen = isKnown ? ((level as Level | undefined) ?? "privileged") : otherwise;
    const version = labels[`${prefix}${mode}-version`];
    const minor = version === undefined || version === "latest" ? undefined : minorOf(version);
    if (minor === undefined && version !== undefined && version !== "latest")
      errors.push(invalidValue(`metadata.labels[${prefix}${mode}-version]`, version, 'must be "latest" or "v1.x"'));
    return { level: chosen, ...(minor !== undefined && { minor }) };
  };
  const policy = { enforce: read("enforce", "restricted"), audit: read("audit", "privileged"), warn: read("warn", "privileged") };
  return { policy, errors };
};

const minorOf = (version: string): number | undefined => {
  const match = /^v1\.(0|[1-9][0-9]{0,3})$/.exec(version);
  return match ? Number(match[1]) : undefined;
};
