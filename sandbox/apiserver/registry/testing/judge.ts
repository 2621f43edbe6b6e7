import { loadPack } from "../../../api/pack/load-pack.ts";
import type { AnyObject, Draft } from "../../../apimachinery/meta/types.ts";
import { messageOf, type FieldError } from "../../../apimachinery/validation/field-error.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../../../apimachinery/validation/object-meta.ts";
import { featuresOf } from "../features.ts";
import { normalForm } from "../normal-form.ts";
import { strategies } from "../strategies.ts";
import type { Strategy, StrategyContext } from "../strategy.ts";

/** What a test says of an object; name and namespace have defaults. */
export interface Given {
  readonly apiVersion?: string;
  readonly kind: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** What became of a request. */
export interface Verdict {
  readonly object: AnyObject;
  /** `spec.replicas: Invalid value: -1: must be …`, in order. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

const clusterScoped = new Set(["Namespace", "Node", "PersistentVolume"]);
const resourceOf = (kind: string): string => (kind === "Endpoints" ? "endpoints" : `${kind.toLowerCase()}s`);

const setting = ({ apiVersion = "v1", kind }: Given, minor: number) => {
  const group = apiVersion.includes("/") ? apiVersion.split("/")[0]! : "";
  const strategy = strategies.find((each) => each.group === group && each.resource === resourceOf(kind))!;
  const schema = loadPack(minor === 32 ? "1.32" : "1.36").schemaOf(apiVersion, kind)!;
  const warnings: string[] = [];
  const context: StrategyContext = {
    user: { name: "tester", groups: [] },
    now: 0,
    group,
    version: apiVersion.split("/").at(-1)!,
    enabled: featuresOf(minor),
    warn: (warning) => warnings.push(warning),
  };
  return { strategy, schema, context, warnings };
};

const drafted = (given: Given, { strategy, schema, context }: ReturnType<typeof setting>): Draft<AnyObject> => {
  const namespace = clusterScoped.has(given.kind) ? {} : { namespace: "shop" };
  const metadata = { name: "thing", ...namespace, ...given.metadata };
  const { object } = normalForm(schema, { apiVersion: "v1", ...given, metadata }, false);
  strategy.setDefaults?.(object, context);
  return object;
};

const words = (errors: readonly FieldError[]): string[] => errors.map((error) => `${error.field}: ${messageOf(error)}`);

/** What the strategy of a kind does with a new object, in Kubernetes 1.32 or another minor version. */
export const judgeNew = (given: Given, minor = 32): Verdict => {
  const here = setting(given, minor);
  const { strategy, context, warnings } = here;
  const object = drafted(given, here);
  object.metadata.uid = "8f1c";
  strategy.prepareForCreate?.(object, context);
  const namespaced = !clusterScoped.has(given.kind);
  const errors = [
    ...validateObjectMeta(object.metadata, namespaced, strategy.validateName),
    ...(strategy.validate?.(object, context) ?? []),
  ];
  if (errors.length === 0) warnings.push(...(strategy.warnings?.(object, undefined, context) ?? []));
  if (errors.length === 0) strategy.canonicalize?.(object);
  return { object, errors: words(errors), warnings };
};

/** What it does with a change of the given object, or of one of its subresources. Each error is told once. */
export const judgeChange = (before: Given, after: Given, { minor = 32, subresource = "" } = {}): Verdict => {
  const here = setting(before, minor);
  const { strategy, context, warnings } = here;
  const previous = drafted(before, here);
  strategy.prepareForCreate?.(previous, context);
  previous.metadata = { ...previous.metadata, uid: "8f1c", resourceVersion: "7" };
  // Creation drops a status that was given: here it is what stands in the cluster.
  if ("status" in before) (previous as { status?: unknown }).status = before["status"];
  const object = drafted(after, here);
  object.metadata = { ...object.metadata, uid: "8f1c", resourceVersion: "7", ...generationOf(previous) };
  const part = subresource === "" ? undefined : strategy.subresources?.[subresource];
  (part ?? strategy).prepareForUpdate?.(object, previous, context);
  const own = (part ?? strategy) as Pick<Strategy, "validateUpdate">;
  const errors = [
    ...validateObjectMetaUpdate(object.metadata, previous.metadata),
    ...(own.validateUpdate?.(object, previous, context) ?? []),
  ];
  if (errors.length === 0) warnings.push(...((part ?? strategy).warnings?.(object, previous, context) ?? []));
  return { object, errors: [...new Set(words(errors))], warnings };
};

const generationOf = ({ metadata: { generation } }: AnyObject) => (generation === undefined ? {} : { generation });
