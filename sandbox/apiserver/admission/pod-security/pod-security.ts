import type { Container, Namespace, Pod, PodTemplateSpec } from "../../../api/types.ts";
import { invalid } from "../../../apimachinery/errors/constructors.ts";
import type { AnyObject } from "../../../apimachinery/meta/types.ts";
import type { AdmissionContext, AdmissionPlugin, Attributes } from "../plugin.ts";
import { refused } from "../refusal.ts";
import type { PodLike } from "./check.ts";
import { inDetail, inShort, violationsOf } from "./evaluate.ts";
import { compareLevels, inWords, isSame, policyOf, type LevelVersion } from "./policy.ts";

const ignoredSubresources: ReadonlySet<string> = new Set([
  "exec",
  "attach",
  "binding",
  "eviction",
  "log",
  "portforward",
  "proxy",
  "status",
]);

const controllers: ReadonlySet<string> = new Set([
  "/replicationcontrollers",
  "/podtemplates",
  "apps/replicasets",
  "apps/deployments",
  "apps/statefulsets",
  "apps/daemonsets",
  "batch/jobs",
  "batch/cronjobs",
]);

/** How many pods of a namespace are looked at when its labels change. */
const mostPods = 3000;

/** Holds pods to the Pod Security Standards that their namespace's labels ask for. */
export const podSecurity = (context: AdmissionContext): AdmissionPlugin => ({
  name: "PodSecurity",
  handles: ({ operation, entry }) =>
    (operation === "CREATE" || operation === "UPDATE") && concerns(entry.stored.group, entry.stored.resource),
  validate(attributes) {
    const { group, resource } = attributes.entry.stored;
    if (group === "" && resource === "namespaces") judgeNamespace(context, attributes);
    else if (group === "" && resource === "pods") judgePod(context, attributes);
    else judgeController(context, attributes);
  },
});

const concerns = (group: string, resource: string): boolean =>
  (group === "" && (resource === "pods" || resource === "namespaces")) || controllers.has(`${group}/${resource}`);

const policyFor = ({ reader }: AdmissionContext, { namespace }: Attributes) =>
  policyOf(reader.get("", "namespaces", "", namespace)?.metadata.labels).policy;

const judgePod = (context: AdmissionContext, attributes: Attributes): void => {
  if (ignoredSubresources.has(attributes.subresource)) return;
  const { enforce, warn } = policyFor(context, attributes);
  if (enforce.level === "privileged" && warn.level === "privileged") return;
  const pod = attributes.object as unknown as Pod;
  if (attributes.operation === "UPDATE" && !isSignificant(pod, attributes.oldObject as unknown as Pod)) return;
  const violations = violationsOf(pod, enforce, context.minorVersion);
  if (violations.length > 0) throw refused(attributes, `violates PodSecurity ${JSON.stringify(inWords(enforce))}: ${inDetail(violations)}`);
  warnOf(context, attributes, pod, warn);
};

const judgeController = (context: AdmissionContext, attributes: Attributes): void => {
  if (attributes.subresource !== "") return;
  const { warn } = policyFor(context, attributes);
  const template = templateOf(attributes.object as AnyObject);
  if (warn.level === "privileged" || !template?.spec) return;
  warnOf(context, attributes, { metadata: template.metadata ?? {}, spec: template.spec }, warn);
};

const warnOf = ({ minorVersion }: AdmissionContext, attributes: Attributes, pod: PodLike, warn: LevelVersion): void => {
  const violations = violationsOf(pod, warn, minorVersion);
  if (violations.length > 0) attributes.warn(`would violate PodSecurity ${JSON.stringify(inWords(warn))}: ${inDetail(violations)}`);
};

/** The template that a controller makes its pods from. */
const templateOf = (object: AnyObject): PodTemplateSpec | undefined => {
  if (object.kind === "PodTemplate") return object.template as PodTemplateSpec;
  const spec = object.spec as
    { readonly template?: PodTemplateSpec; readonly jobTemplate?: { readonly spec?: { readonly template?: PodTemplateSpec } } } | undefined;
  return object.kind === "CronJob" ? spec?.jobTemplate?.spec?.template : spec?.template;
};

/** What may change of a pod and matters here: its containers' images, and new ephemeral containers. */
const isSignificant = (next: Pod, previous: Pod): boolean => {
  const differ = (after: readonly Container[] = [], before: readonly Container[] = []): boolean =>
    after.length !== before.length || after.some(({ image }, at) => image !== before[at]?.image);
  if (differ(next.spec?.containers, previous.spec?.containers) || differ(next.spec?.initContainers, previous.spec?.initContainers))
    return true;
  const before = new Map(previous.spec?.ephemeralContainers?.map(({ name, image }) => [name, image]));
  return next.spec?.ephemeralContainers?.some(({ name, image }) => before.get(name) !== image) ?? false;
};

const judgeNamespace = ({ reader, minorVersion }: AdmissionContext, attributes: Attributes): void => {
  if (attributes.subresource !== "") return;
  const namespace = attributes.object as unknown as Namespace;
  const { name = "" } = namespace.metadata;
  const { policy, errors } = policyOf(namespace.metadata.labels);
  const before = policyOf(attributes.oldObject?.metadata.labels);
  const isOldMistake = attributes.operation === "UPDATE" && JSON.stringify(errors) === JSON.stringify(before.errors);
  if (errors.length > 0 && !isOldMistake) throw invalid({ group: "", kind: "Namespace" }, name, errors);
  const [next, old] = [policy.enforce, before.policy.enforce];
  if (attributes.operation !== "UPDATE" || isSame(next, old) || next.level === "privileged") return;
  if (next.minor === old.minor && compareLevels(next.level, old.level) < 1) return;
  const pods = reader.list("", "pods", name) as unknown as readonly Pod[];
  for (const warning of warningsOfPods(pods, name, next, minorVersion)) attributes.warn(warning);
};

/** Which of a namespace's pods would not be let in again. */
const warningsOfPods = (pods: readonly Pod[], namespace: string, enforce: LevelVersion, newest: number): readonly string[] => {
  const checked = pods.slice(0, mostPods);
  const byReason = new Map<string, string[]>();
  for (const pod of checked) {
    const violations = violationsOf(pod, enforce, newest);
    if (violations.length === 0) continue;
    const reason = inShort(violations);
    byReason.set(reason, [...(byReason.get(reason) ?? []), pod.metadata.name ?? ""]);
  }
  const found = [...byReason].map(([reason, names]) => {
    const others = names.length - 1;
    const also = others === 0 ? "" : others === 1 ? " (and 1 other pod)" : ` (and ${String(others)} other pods)`;
    return `${names.toSorted()[0]!}${also}: ${reason}`;
  });
  return [
    ...(checked.length < pods.length
      ? [`new PodSecurity enforce level only checked against the first ${String(checked.length)} of ${String(pods.length)} existing pods`]
      : []),
    ...(found.length > 0
      ? [
          `existing pods in namespace ${JSON.stringify(namespace)} violate the new PodSecurity enforce level ${JSON.stringify(inWords(enforce))}`,
        ]
      : []),
    ...found.sort(),
  ];
};
