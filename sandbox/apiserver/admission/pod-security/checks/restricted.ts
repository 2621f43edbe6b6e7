import type { Container, Volume } from "../../../../api/types.ts";
import { containersOf, distinct, hasOwnUsers, isWindows, named, plural, quotedNames, setters, type Check } from "../check.ts";
import { seccompProfileRestricted } from "./seccomp-profile.ts";

const allowPrivilegeEscalation: Check = {
  id: "allowPrivilegeEscalation",
  level: "restricted",
  since: 8,
  run(pod, minor) {
    if (minor >= 25 && isWindows(pod)) return undefined;
    const bad = containersOf(pod).filter(({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false);
    if (bad.length === 0) return undefined;
    return {
      reason: "allowPrivilegeEscalation != false",
      detail: `${named(...bad)} must set securityContext.allowPrivilegeEscalation=false`,
    };
  },
};

const capabilities: Check = {
  id: "capabilities_restricted",
  level: "restricted",
  since: 22,
  overrides: "capabilities_baseline",
  run(pod, minor) {
    if (minor >= 25 && isWindows(pod)) return undefined;
    const added = ({ securityContext }: Container) =>
      (securityContext?.capabilities?.add ?? []).filter((each) => each !== "NET_BIND_SERVICE");
    const undropped = containersOf(pod).filter(({ securityContext }) => !securityContext?.capabilities?.drop?.includes("ALL"));
    const adding = containersOf(pod).filter((container) => added(container).length > 0);
    const details = [
      ...(undropped.length > 0 ? [`${named(...undropped)} must set securityContext.capabilities.drop=["ALL"]`] : []),
      ...(adding.length > 0
        ? [`${named(...adding)} must not include ${quotedNames(distinct(adding.flatMap(added)))} in securityContext.capabilities.add`]
        : []),
    ];
    return details.length > 0 ? { reason: "unrestricted capabilities", detail: details.join("; ") } : undefined;
  },
};

const allowedVolumes = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
  "image",
] as const;

/** The kind of a volume, by its one member besides the name. */
const typeOf = (volume: Volume): string => Object.keys(volume).find((key) => key !== "name") ?? "unknown";

const restrictedVolumes: Check = {
  id: "restrictedVolumes",
  level: "restricted",
  since: 0,
  overrides: "hostPathVolumes",
  run({ spec }) {
    const bad = (spec.volumes ?? []).filter(
      (volume) => !allowedVolumes.some((type) => (volume as Readonly<Record<string, unknown>>)[type] !== undefined),
    );
    if (bad.length === 0) return undefined;
    const types = distinct(bad.map(typeOf));
    const who = `${plural("volume", "volumes", bad.length)} ${quotedNames(bad.map(({ name }) => name))}`;
    const what = `restricted volume ${plural("type", "types", types.length)} ${quotedNames(types)}`;
    return { reason: "restricted volume types", detail: `${who} ${plural("uses", "use", bad.length)} ${what}` };
  },
};

const runAsNonRoot: Check = {
  id: "runAsNonRoot",
  level: "restricted",
  since: 0,
  run(pod, minor) {
    if (hasOwnUsers(pod, minor)) return undefined;
    const podSays = pod.spec.securityContext?.runAsNonRoot;
    const says = ({ securityContext }: Container) => securityContext?.runAsNonRoot;
    const who = setters(
      podSays === false,
      containersOf(pod).filter((container) => says(container) === false),
    );
    if (who !== undefined) return { reason: "runAsNonRoot != true", detail: `${who} must not set securityContext.runAsNonRoot=false` };
    const silent = podSays ? [] : containersOf(pod).filter((container) => says(container) === undefined);
    if (silent.length === 0) return undefined;
    return { reason: "runAsNonRoot != true", detail: `pod or ${named(...silent)} must set securityContext.runAsNonRoot=true` };
  },
};

const runAsUser: Check = {
  id: "runAsUser",
  level: "restricted",
  since: 23,
  run(pod, minor) {
    if (hasOwnUsers(pod, minor)) return undefined;
    const bad = containersOf(pod).filter(({ securityContext }) => securityContext?.runAsUser === 0);
    const who = setters(pod.spec.securityContext?.runAsUser === 0, bad);
    return who === undefined ? undefined : { reason: "runAsUser=0", detail: `${who} must not set runAsUser=0` };
  },
};

export const restrictedChecks: readonly Check[] = [
  allowPrivilegeEscalation,
  capabilities,
  restrictedVolumes,
  runAsNonRoot,
  runAsUser,
  seccompProfileRestricted,
];
