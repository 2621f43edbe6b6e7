import type { PodSpec } from "../../../../api/types.ts";
import { quantityOf } from "../../../../apimachinery/quantity/parse.ts";
import { Quantity } from "../../../../apimachinery/quantity/quantity.ts";
import { invalidValue, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { entryOf } from "../../../../apimachinery/validation/fields.ts";
import type { PodRules } from "./options.ts";
import { isHugePages, isOvercommitAllowed } from "./resource-names.ts";
import { addPodResourcesErrors } from "./resources.ts";

type Amounts = ReadonlyMap<string, Quantity>;

const amountsOf = (list: Readonly<Record<string, unknown>> | undefined): Amounts =>
  new Map(Object.entries(list ?? {}).map(([name, amount]) => [name, quantityOf(amount)]));

const sum = (left: Amounts, right: Amounts): Amounts => {
  const total = new Map(left);
  for (const [name, amount] of right) total.set(name, (total.get(name) ?? Quantity.zero).add(amount));
  return total;
};

const larger = (left: Amounts, right: Amounts): Amounts => {
  const most = new Map(left);
  for (const [name, amount] of right) if (amount.compare(most.get(name) ?? Quantity.zero) > 0) most.set(name, amount);
  return most;
};

/**
 * What the containers ask for together (AggregateContainerRequests): regular containers and sidecars run at once, an
 * init container runs beside the sidecars that started before it.
 */
const requestsOfContainers = ({ containers, initContainers }: PodSpec): Amounts => {
  let total: Amounts = new Map();
  for (const { resources } of containers ?? []) total = sum(total, amountsOf(resources?.requests));
  let [sidecars, starting]: [Amounts, Amounts] = [new Map(), new Map()];
  for (const { resources, restartPolicy } of initContainers ?? []) {
    const asked = amountsOf(resources?.requests);
    if (restartPolicy === "Always") [total, sidecars] = [sum(total, asked), sum(sidecars, asked)];
    starting = larger(starting, restartPolicy === "Always" ? sidecars : sum(asked, sidecars));
  }
  return larger(total, starting);
};

/** validatePodResources: a pod as a whole asks for no less than its containers, and no container may have more than it. */
export const addPodLevelErrors = (
  errors: FieldError[],
  spec: PodSpec,
  claims: ReadonlySet<string>,
  path: string,
  rules: PodRules,
): void => {
  const resources = spec.resources ?? {};
  addPodResourcesErrors(errors, resources, claims, path, rules);
  for (const [name, together] of requestsOfContainers(spec)) {
    const asked = quantityOf(entryOf(resources.requests, name));
    if (together.compare(asked) > 0) {
      const words = `must be greater than or equal to aggregate container requests of ${together.toString()}`;
      errors.push(invalidValue(`${path}.requests[${name}]`, asked.toString(), words));
    }
  }
  for (const [at, container] of (spec.containers ?? []).entries())
    for (const [name, amount] of Object.entries(container.resources?.limits ?? {})) {
      const most = entryOf(resources.limits, name);
      if (most === undefined || quantityOf(amount).compare(quantityOf(most)) <= 0) continue;
      const words = `must be less than or equal to pod limits of ${quantityOf(most).toString()}`;
      errors.push(invalidValue(`${path}.containers[${at}][${name}].limits`, quantityOf(amount).toString(), words));
    }
};

const isSupported = (name: string): boolean => name === "cpu" || name === "memory" || isHugePages(name);

/** What a pod asks for as a whole follows from its containers or its limits, where it only says the latter (defaultPodRequests). */
export const podLevelRequests = (spec: PodSpec): Record<string, string> | undefined => {
  const { limits, requests } = spec.resources ?? {};
  if (!limits || Object.keys(limits).length === 0) return undefined;
  const all: Record<string, string> = { ...requests };
  for (const [name, amount] of requestsOfContainers(spec))
    if (!Object.hasOwn(all, name) && isSupported(name) && isOvercommitAllowed(name)) all[name] = amount.toString();
  for (const [name, amount] of Object.entries(limits)) if (!Object.hasOwn(all, name) && isSupported(name)) all[name] = amount;
  return all;
};
