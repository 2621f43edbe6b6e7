import { amountsOf, type Amounts } from "../../../api/pod-resources.ts";
import { isInScopes } from "../../../api/quota/scopes.ts";
import { namesFor, usageOf } from "../../../api/quota/usage.ts";
import type { Pod, ResourceQuota } from "../../../api/types.ts";
import { hasReason } from "../../../apimachinery/errors/status.ts";
import type { AnyObject } from "../../../apimachinery/meta/types.ts";
import { Quantity } from "../../../apimachinery/quantity/quantity.ts";
import { loopbackAgent, loopbackUser } from "../../loopback/loopback.ts";
import type { AdmissionContext, AdmissionPlugin, Attributes } from "../plugin.ts";
import { refused } from "../refusal.ts";
import { unspecified } from "./unspecified.ts";

/** Kinds that come and go too often to be counted. */
const uncounted: ReadonlySet<string> = new Set(["/events", "/bindings"]);

/** How often a charge is tried again when somebody else charged at the same time. */
const attempts = 10;

/** Charges what is created to the quotas of its namespace, and refuses what would exceed one. */
export const resourceQuota = (context: AdmissionContext): AdmissionPlugin => ({
  name: "ResourceQuota",
  handles: ({ operation, entry, subresource, namespace }) => {
    if (namespace === "" || !entry.namespaced) return false;
    const { group, resource } = entry.stored;
    if (subresource !== "") return operation === "UPDATE" && subresource === "resize" && context.enabled("InPlacePodVerticalScaling");
    if (operation === "UPDATE") return group === "" && (resource === "services" || resource === "persistentvolumeclaims");
    return operation === "CREATE" && !uncounted.has(`${group}/${resource}`);
  },
  validate: (attributes) => {
    const quotas = quotasOf(context, attributes);
    return quotas.length === 0 ? undefined : charge(context, attributes, quotas);
  },
});

const quotasOf = ({ reader }: AdmissionContext, { namespace }: Attributes): readonly ResourceQuota[] =>
  reader.list("", "resourcequotas", namespace) as unknown as readonly ResourceQuota[];

const charge = async (context: AdmissionContext, attributes: Attributes, quotas: readonly ResourceQuota[]): Promise<void> => {
  const charges = chargesFor(context, attributes, quotas);
  if (attributes.dryRun) return;
  for (const { quota } of charges) await book(context, attributes, quota);
};

/** Writes the new usage down; when somebody was faster, judges again by what they left. */
const book = async (context: AdmissionContext, attributes: Attributes, quota: ResourceQuota): Promise<void> => {
  const { name = "", namespace = "" } = quota.metadata;
  for (let attempt = 1; ; attempt++) {
    const current = context.reader.get("", "resourcequotas", namespace, name) as ResourceQuota | undefined;
    const [found] = current ? chargesFor(context, attributes, [current]) : [];
    if (!found) return;
    const used = Object.fromEntries([...found.used].map(([each, amount]) => [each, amount.toString()]));
    const object = { ...current, status: { ...current!.status, used } } as unknown as AnyObject;
    try {
      await context.perform({
        verb: "update",
        group: "",
        version: "v1",
        resource: "resourcequotas",
        subresource: "status",
        namespace,
        name,
        object,
        user: loopbackUser,
        userAgent: loopbackAgent,
      });
      return;
    } catch (error) {
      if (!hasReason(error, "Conflict") || attempt === attempts) throw error;
    }
  }
};

interface Charge {
  readonly quota: ResourceQuota;
  /** Everything the quota counts, with the request counted in. */
  readonly used: Amounts;
}

/** Which quotas the request counts against, and what they stand at after it. Throws Forbidden where one does not allow it. */
const chargesFor = (context: AdmissionContext, attributes: Attributes, quotas: readonly ResourceQuota[]): readonly Charge[] => {
  const { group, resource } = attributes.entry.stored;
  const of = { group, resource };
  const object = attributes.object as AnyObject;
  const pod = group === "" && resource === "pods" ? (object as unknown as Pod) : undefined;
  const concerned = quotas.filter((quota) => isInScopes(quota, pod) && hardNames(of, quota).length > 0);
  for (const quota of concerned) {
    const names = hardNames(of, quota);
    const lacking = pod ? unspecified(pod, names) : undefined;
    if (lacking !== undefined) throw refused(attributes, `failed quota: ${quota.metadata.name ?? ""}: ${lacking}`);
    const used = quota.status?.used ?? {};
    if (names.some((name) => used[name] === undefined))
      throw refused(attributes, `status unknown for quota: ${quota.metadata.name ?? ""}, resources: ${names.toSorted().join(",")}`);
  }
  const delta = deltaOf(context, attributes, object);
  return concerned.flatMap((quota) => {
    const asked = new Map([...delta].filter(([name]) => quota.status?.hard?.[name] !== undefined));
    return asked.size === 0 ? [] : [{ quota, used: usedAfter(attributes, quota, asked) }];
  });
};

const hardNames = (of: { readonly group: string; readonly resource: string }, { status }: ResourceQuota): readonly string[] =>
  namesFor(of, Object.keys(status?.hard ?? {}));

/** What the request adds; an update adds what it uses more than before. */
const deltaOf = ({ clock }: AdmissionContext, attributes: Attributes, object: AnyObject): Amounts => {
  const { group, resource } = attributes.entry.stored;
  const usage = usageOf({ group, resource }, object, clock.now());
  const negative = [...usage].filter(([, amount]) => amount.sign() < 0).map(([name]) => name);
  if (negative.length > 0) throw refused(attributes, `quota usage is negative for resource(s): ${negative.toSorted().join(",")}`);
  const before = attributes.oldObject ? usageOf({ group, resource }, attributes.oldObject, clock.now()) : new Map<string, Quantity>();
  return new Map(
    [...usage]
      .map(([name, amount]) => [name, amount.subtract(before.get(name) ?? Quantity.zero)] as const)
      .filter(([, amount]) => amount.sign() > 0),
  );
};

const usedAfter = (attributes: Attributes, { metadata, status }: ResourceQuota, asked: Amounts): Amounts => {
  const hard = amountsOf(status?.hard);
  const used = amountsOf(status?.used);
  const exceeded = [...asked.keys()].filter((name) => used.get(name)!.add(asked.get(name)!).compare(hard.get(name)!) > 0);
  if (exceeded.length > 0) {
    const shown = (amounts: Amounts): string =>
      exceeded
        .toSorted()
        .map((name) => `${name}=${amounts.get(name)!.toString()}`)
        .join(",");
    throw refused(
      attributes,
      `exceeded quota: ${metadata.name ?? ""}, requested: ${shown(asked)}, used: ${shown(used)}, limited: ${shown(hard)}`,
    );
  }
  for (const [name, amount] of asked) used.set(name, used.get(name)!.add(amount));
  return used;
};
