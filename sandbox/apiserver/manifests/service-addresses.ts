import type { Service } from "../../api/types.ts";
import type { AnyObject, Draft } from "../../apimachinery/meta/types.ts";
import type { FieldError } from "../../apimachinery/validation/field-error.ts";
import type { StoredKind } from "../registry/entry.ts";
import { settleFamilies } from "../registry/core/services/allocation/ip-families.ts";
import { normalizeClusterIPs } from "../registry/core/services/allocation/keep-allocated.ts";

/** What the allocation of addresses does to a Service before it is validated, as far as that needs no addresses: fields in step, families settled. */
export const settleServiceAddresses = ({ group, resource }: StoredKind, draft: Draft<AnyObject>): readonly FieldError[] => {
  if (group !== "" || resource !== "services") return [];
  const service = draft as unknown as Draft<Service>;
  if (!service.spec) return [];
  normalizeClusterIPs(service, undefined);
  return settleFamilies(service, undefined, ["IPv4"]);
};
