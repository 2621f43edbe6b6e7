import { Environment } from "@marcbachmann/cel-js";
import type { Device, DeviceAttribute, DeviceSelector } from "../../../api/types.ts";
import { Quantity } from "../../../apimachinery/quantity/quantity.ts";
import { parseQuantity } from "../../../apimachinery/quantity/parse.ts";

/** Expressions of untrusted size are refused beyond this. */
const longestExpression = 10 * 1024;

const environment = new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false })
  .registerType("Quantity", Quantity)
  .registerFunction("quantity(string): Quantity", (text: string) => parseQuantity(text))
  .registerFunction("isQuantity(string): bool", (text: string) => {
    try {
      parseQuantity(text);
      return true;
    } catch {
      return false;
    }
  })
  .registerFunction("Quantity.compareTo(Quantity): int", (a: Quantity, b: Quantity) => BigInt(a.compare(b)))
  .registerFunction("Quantity.isGreaterThan(Quantity): bool", (a: Quantity, b: Quantity) => a.compare(b) > 0)
  .registerFunction("Quantity.isLessThan(Quantity): bool", (a: Quantity, b: Quantity) => a.compare(b) < 0);

type Program = (context: Readonly<Record<string, unknown>>) => unknown;

const programs = new Map<string, Program>();

const compiled = (expression: string): Program => {
  let program = programs.get(expression);
  if (!program) {
    if (expression.length > longestExpression) throw new Error(`must be no longer than ${String(longestExpression)} bytes`);
    if (programs.size > 1000) programs.clear();
    const parsed = environment.parse(expression);
    program = (context) => parsed(context) as unknown;
    programs.set(expression, program);
  }
  return program;
};

const valueOf = ({ bool, int, string, version, bools, ints, strings, versions }: DeviceAttribute): unknown =>
  bool ?? (int === undefined ? undefined : BigInt(int)) ?? string ?? version ?? bools ?? ints?.map(BigInt) ?? strings ?? versions;

/** `driver.example/model` → its domain and name; a name without a domain is of the driver's own. */
const split = (name: string, driver: string): readonly [string, string] => {
  const slash = name.indexOf("/");
  return slash < 0 ? [driver, name] : [name.slice(0, slash), name.slice(slash + 1)];
};

/** Values by domain and name; domains that a device lacks are empty, so that expressions can ask for them. */
const byDomain = <Value>(values: Readonly<Record<string, Value>> | undefined, driver: string, read: (value: Value) => unknown): unknown => {
  const domains = new Map<string, Map<string, unknown>>();
  for (const [qualified, value] of Object.entries(values ?? {})) {
    const [domain, name] = split(qualified, driver);
    let names = domains.get(domain);
    if (!names) domains.set(domain, (names = new Map<string, unknown>()));
    names.set(name, read(value));
  }
  return new Proxy(domains, {
    get: (target, property) => {
      if (property === "get") return (domain: string) => target.get(domain) ?? new Map();
      if (property === "has") return () => true;
      if (property === "constructor") return Map;
      const member: unknown = Reflect.get(target, property, target);
      return typeof member === "function" ? (member.bind(target) as unknown) : member;
    },
  });
};

const contextOf = (device: Device, driver: string): Readonly<Record<string, unknown>> => ({
  device: new Map<string, unknown>([
    ["driver", driver],
    ["attributes", byDomain(device.attributes, driver, valueOf)],
    ["capacity", byDomain(device.capacity, driver, ({ value }) => parseQuantity(value))],
    ["allowMultipleAllocations", device.allowMultipleAllocations ?? false],
  ]),
});

/** A selector that cannot be evaluated; the claim or class must be changed. */
export class SelectorFailure extends Error {}

/** Whether a device fulfils every selector. Throws SelectorFailure. */
export const isSelected = (device: Device, driver: string, selectors: readonly DeviceSelector[] | undefined): boolean => {
  if (!selectors?.length) return true;
  const context = contextOf(device, driver);
  return selectors.every(({ cel }) => {
    try {
      return cel === undefined || compiled(cel.expression)(context) === true;
    } catch (error) {
      throw new SelectorFailure(error instanceof Error ? error.message : String(error));
    }
  });
};

/** An attribute's value in a form that can be compared; the name may leave out the driver's domain. */
export const attributeOf = (device: Device, driver: string, name: string): string | undefined => {
  const [domain, id] = split(name, driver);
  for (const [qualified, value] of Object.entries(device.attributes ?? {})) {
    const [otherDomain, otherId] = split(qualified, driver);
    if (otherDomain === domain && otherId === id) return JSON.stringify(value);
  }
  return undefined;
};
