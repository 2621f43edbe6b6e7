import { containersOf, distinct, plural, quotedNames, setters, type Check } from "../check.ts";

const annotation = "container.apparmor.security.beta.kubernetes.io/";
const isAllowedType = (type: string): boolean => type === "RuntimeDefault" || type === "Localhost";
const isAllowedAnnotation = (value: string): boolean => value === "" || value === "runtime/default" || value.startsWith("localhost/");

/** AppArmor stays on. */
export const appArmorProfile: Check = {
  id: "appArmorProfile",
  level: "baseline",
  since: 0,
  run(pod) {
    const podType = pod.spec.securityContext?.appArmorProfile?.type;
    const podIsBad = podType !== undefined && !isAllowedType(podType);
    const typeOf = (container: ReturnType<typeof containersOf>[number]) => container.securityContext?.appArmorProfile?.type;
    const bad = containersOf(pod).filter((container) => !isAllowedType(typeOf(container) ?? "RuntimeDefault"));
    const annotations = Object.entries(pod.metadata.annotations ?? {})
      .filter(([key, value]) => key.startsWith(annotation) && !isAllowedAnnotation(value))
      .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
      .sort();
    const values = [...distinct([...(podIsBad ? [podType] : []), ...bad.map((container) => typeOf(container)!)]), ...annotations];
    const who = [
      setters(podIsBad, bad),
      ...(annotations.length > 0 ? [plural("annotation", "annotations", annotations.length)] : []),
    ].filter((each) => each !== undefined);
    if (who.length === 0) return undefined;
    return {
      reason: plural("forbidden AppArmor profile", "forbidden AppArmor profiles", values.length),
      detail: `${who.join(" and ")} must not set AppArmor profile type to ${quotedNames(values)}`,
    };
  },
};
