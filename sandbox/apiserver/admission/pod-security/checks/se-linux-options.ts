import type { SELinuxOptions } from "../../../../api/types.ts";
import { containersOf, distinct, plural, quotedNames, setters, type Check } from "../check.ts";

const isAllowedType = (type: string, minor: number): boolean =>
  ["", "container_t", "container_init_t", "container_kvm_t"].includes(type) || (type === "container_engine_t" && minor >= 31);

/** SELinux keeps its own user, role and a type for containers. */
export const seLinuxOptions: Check = {
  id: "seLinuxOptions",
  level: "baseline",
  since: 0,
  run(pod, minor) {
    const isBad = (options: SELinuxOptions | undefined): options is SELinuxOptions =>
      options !== undefined && (!isAllowedType(options.type ?? "", minor) || (options.user ?? "") !== "" || (options.role ?? "") !== "");
    const podOptions = pod.spec.securityContext?.seLinuxOptions;
    const bad = containersOf(pod).filter(({ securityContext }) => isBad(securityContext?.seLinuxOptions));
    const who = setters(isBad(podOptions), bad);
    if (who === undefined) return undefined;
    const all = [podOptions, ...bad.map(({ securityContext }) => securityContext?.seLinuxOptions)].filter(isBad);
    const types = distinct(all.map(({ type = "" }) => type).filter((type) => !isAllowedType(type, minor)));
    const what = [
      ...(types.length > 0 ? [`${plural("type", "types", types.length)} ${quotedNames(types)}`] : []),
      ...(all.some(({ user = "" }) => user !== "") ? ["user may not be set"] : []),
      ...(all.some(({ role = "" }) => role !== "") ? ["role may not be set"] : []),
    ];
    return { reason: "seLinuxOptions", detail: `${who} set forbidden securityContext.seLinuxOptions: ${what.join("; ")}` };
  },
};
