import type { Service } from "../../../../../api/types.ts";
import type { Draft } from "../../../../../apimachinery/meta/types.ts";
import { invalidValue, type FieldError } from "../../../../../apimachinery/validation/field-error.ts";
import { parseIP } from "../../../../../apimachinery/validation/ip.ts";
import type { IPFamily } from "./address-range.ts";
import { isHeadless } from "./needs.ts";

const other: Readonly<Record<IPFamily, IPFamily>> = { IPv4: "IPv6", IPv6: "IPv4" };

/**
 * Settles which families a Service has, from what it says, from its addresses, and from what the cluster has, the preferred one first
 * (initIPFamilyFields). Answers what contradicts; changes the draft in place.
 */
export const settleFamilies = (service: Draft<Service>, previous: Service | undefined, configured: readonly IPFamily[]): FieldError[] => {
  const spec = service.spec;
  if (spec.type === "ExternalName") return [];
  const preferred = configured[0]!;
  if (isHeadless(spec) && Object.keys(spec.selector ?? {}).length === 0) {
    spec.ipFamilyPolicy ??= "RequireDualStack";
    const families = spec.ipFamilies ?? [];
    if (families.length === 0) spec.ipFamilies = [preferred];
    if (spec.ipFamilyPolicy !== "SingleStack" && spec.ipFamilies!.length === 1)
      spec.ipFamilies = [...spec.ipFamilies!, other[spec.ipFamilies![0] as IPFamily]];
    return [];
  }
  if (previous?.spec) downgrade(spec, previous.spec);
  const errors: FieldError[] = [];
  const addresses = spec.clusterIPs ?? [];
  const families = [...(spec.ipFamilies ?? [])] as IPFamily[];
  for (const [at, address] of addresses.entries()) {
    const family = familyOf(address);
    if (!family) continue;
    if (at >= families.length) families.push(family);
    else if (families[at] !== family)
      errors.push(
        invalidValue(
          `spec.clusterIPs[${String(at)}]`,
          address,
          `expected an ${families[at]!} value as indicated by \`ipFamilies[${String(at)}]\``,
        ),
      );
  }
  const isDual = addresses.length > 1 || families.length > 1;
  if (spec.ipFamilyPolicy === undefined) spec.ipFamilyPolicy = isDual ? "RequireDualStack" : "SingleStack";
  else if (spec.ipFamilyPolicy === "SingleStack" && isDual)
    errors.push(
      invalidValue(
        "spec.ipFamilyPolicy",
        spec.ipFamilyPolicy,
        "must be RequireDualStack or PreferDualStack when multiple `ipFamilies` or `clusterIPs` are specified",
      ),
    );
  for (const [at, family] of families.entries())
    if (!configured.includes(family)) errors.push(invalidValue(`spec.ipFamilies[${String(at)}]`, family, "not configured on this cluster"));
  if (spec.ipFamilyPolicy === "RequireDualStack" && configured.length < 2)
    errors.push(invalidValue("spec.ipFamilyPolicy", spec.ipFamilyPolicy, "this cluster is not configured for dual-stack services"));
  if (errors.length > 0) return errors;
  if (families.length === 0) families.push(preferred);
  if (spec.ipFamilyPolicy !== "SingleStack" && families.length === 1 && configured.length > 1) families.push(other[families[0]!]);
  spec.ipFamilies = families;
  return [];
};

/** Who goes back to a single stack gives the second address away, and its family. */
const downgrade = (after: NonNullable<Draft<Service>["spec"]>, before: NonNullable<Service["spec"]>): void => {
  if (after.ipFamilyPolicy !== "SingleStack" || (before.ipFamilies ?? []).length < 2) return;
  if (after.ipFamilies?.length === 2 && after.ipFamilies.join() === before.ipFamilies!.join())
    after.ipFamilies = after.ipFamilies.slice(0, 1);
  if (after.clusterIPs?.length === 2 && after.clusterIPs.join() === (before.clusterIPs ?? []).join())
    after.clusterIPs = after.clusterIPs.slice(0, 1);
};

const familyOf = (address: string): IPFamily | undefined => {
  const parsed = parseIP(address);
  return parsed && (parsed.family === 4 ? "IPv4" : "IPv6");
};
