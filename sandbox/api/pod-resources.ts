import type { Container, Pod } from "./types.ts";
import { parseQuantity } from "../apimachinery/quantity/parse.ts";
import { Quantity } from "../apimachinery/quantity/quantity.ts";

/** Amounts of resources by name: `cpu`, `memory`, `requests.storage`. */
export type Amounts = ReadonlyMap<string, Quantity>;

/** Amounts as an object has them; what is no quantity counts as nothing. */
export const amountsOf = (list: Readonly<Record<string, unknown>> | undefined): Map<string, Quantity> =>
  new Map(Object.entries(list ?? {}).map(([name, text]) => [name, quantity(text)]));

const quantity = (text: unknown): Quantity => {
  try {
    return parseQuantity(String(text));
  } catch {
    return Quantity.zero;
  }
};

const add = (to: Map<string, Quantity>, more: Amounts): Map<string, Quantity> => {
  for (const [name, amount] of more) to.set(name, to.get(name)?.add(amount) ?? amount);
  return to;
};

const raise = (to: Map<string, Quantity>, least: Amounts): void => {
  for (const [name, amount] of least) if (amount.compare(to.get(name) ?? Quantity.zero) > 0 || !to.has(name)) to.set(name, amount);
};

type Side = "requests" | "limits";

/**
 * What a pod's containers need together: those that run at a time added up, sidecars among them, and at least what each init container needs while
 * it runs. The pod's own resources go before its containers'.
 */
const containersNeed = ({ spec }: Pod, side: Side): Map<string, Quantity> => {
  const of = ({ resources }: Container): Amounts => amountsOf(resources?.[side]);
  const total = new Map<string, Quantity>();
  for (const container of spec?.containers ?? []) add(total, of(container));
  const sidecars = new Map<string, Quantity>();
  const starting = new Map<string, Quantity>();
  for (const container of spec?.initContainers ?? []) {
    if (container.restartPolicy === "Always") {
      add(total, of(container));
      add(sidecars, of(container));
      raise(starting, sidecars);
    } else raise(starting, add(new Map(sidecars), of(container)));
  }
  raise(total, starting);
  for (const [name, amount] of amountsOf(spec?.resources?.[side])) total.set(name, amount);
  return total;
};

/** What a pod asks for (PodRequests). */
export const podRequests = (pod: Pod, { withOverhead = true }: { readonly withOverhead?: boolean } = {}): Map<string, Quantity> => {
  const total = containersNeed(pod, "requests");
  return withOverhead ? add(total, amountsOf(pod.spec?.overhead)) : total;
};

/** What a pod may use at most (PodLimits): overhead counts where there is a limit. */
export const podLimits = (pod: Pod, { withOverhead = true }: { readonly withOverhead?: boolean } = {}): Map<string, Quantity> => {
  const total = containersNeed(pod, "limits");
  if (withOverhead)
    for (const [name, amount] of amountsOf(pod.spec?.overhead)) if (total.has(name)) total.set(name, total.get(name)!.add(amount));
  return total;
};
