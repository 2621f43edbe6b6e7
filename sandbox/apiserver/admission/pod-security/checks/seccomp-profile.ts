import type { Container } from "../../../../api/types.ts";
import {
  containersOf,
  distinct,
  isWindows,
  named,
  plural,
  quotedNames,
  setters,
  type Check,
  type PodLike,
  type Violation,
} from "../check.ts";

const podAnnotation = "seccomp.security.alpha.kubernetes.io/pod";
const containerAnnotation = "container.seccomp.security.alpha.kubernetes.io/";

const isAllowed = (type: string | undefined): boolean => type === "RuntimeDefault" || type === "Localhost";
const typeOf = ({ securityContext }: Container): string | undefined => securityContext?.seccompProfile?.type;

/** Who names a profile names a confining one. Before 1.19 annotations said so. */
export const seccompProfileBaseline: Check = {
  id: "seccompProfile_baseline",
  level: "baseline",
  since: 0,
  run: (pod, minor) => (minor < 19 ? byAnnotation(pod) : explicitlyBad(pod)),
};

/** Everybody has a confining profile. */
export const seccompProfileRestricted: Check = {
  id: "seccompProfile_restricted",
  level: "restricted",
  since: 19,
  overrides: "seccompProfile_baseline",
  run(pod, minor) {
    if (minor >= 25 && isWindows(pod)) return undefined;
    const explicit = explicitlyBad(pod);
    if (explicit || isAllowed(pod.spec.securityContext?.seccompProfile?.type)) return explicit;
    const bare = containersOf(pod).filter((container) => typeOf(container) === undefined);
    if (bare.length === 0) return undefined;
    return {
      reason: "seccompProfile",
      detail: `pod or ${named(...bare)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
    };
  },
};

const explicitlyBad = (pod: PodLike): Violation | undefined => {
  const podType = pod.spec.securityContext?.seccompProfile?.type;
  const podIsBad = podType !== undefined && !isAllowed(podType);
  const bad = containersOf(pod).filter((container) => typeOf(container) !== undefined && !isAllowed(typeOf(container)));
  const who = setters(podIsBad, bad);
  if (who === undefined) return undefined;
  const values = distinct([...(podIsBad ? [podType] : []), ...bad.map((container) => typeOf(container)!)]);
  return { reason: "seccompProfile", detail: `${who} must not set securityContext.seccompProfile.type to ${quotedNames(values)}` };
};

const byAnnotation = (pod: PodLike): Violation | undefined => {
  const annotations = pod.metadata.annotations ?? {};
  const keys = [podAnnotation, ...containersOf(pod).map(({ name }) => containerAnnotation + name)];
  const bad = distinct(
    keys.flatMap((key) => {
      const value = annotations[key];
      const allowed = value === undefined || value === "runtime/default" || value === "docker/default" || value.startsWith("localhost/");
      return allowed ? [] : [`${key}=${JSON.stringify(value)}`];
    }),
  );
  if (bad.length === 0) return undefined;
  return { reason: "seccompProfile", detail: `forbidden ${plural("annotation", "annotations", bad.length)} ${bad.join(", ")}` };
};
