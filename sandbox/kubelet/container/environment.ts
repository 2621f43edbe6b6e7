import type { ConfigMap, Container, EnvVar, Pod, Secret, Service } from "../../api/types.ts";
import { expanded } from "./expansion.ts";
import { podField, resourceField, type NodeFacts } from "./downward-api.ts";

/** A container cannot be configured: waiting reason CreateContainerConfigError, with these words. */
export class ContainerConfigError extends Error {}

/** Where the environment's values come from. */
export interface EnvironmentSources {
  readonly configMap: (name: string) => Promise<ConfigMap | undefined>;
  readonly secret: (name: string) => Promise<Secret | undefined>;
  /** The Services of the pod's namespace, and the master's. */
  readonly services: () => Promise<readonly Service[]>;
}

const isVariableName = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;
const decoded = (base64: string): string => Buffer.from(base64, "base64").toString("utf8");

/** The variables of a container's processes, in upstream's order: Services, envFrom, env. Throws ContainerConfigError. */
export const environmentOf = async (
  pod: Pod,
  container: Container,
  facts: NodeFacts,
  sources: EnvironmentSources,
): Promise<ReadonlyMap<string, string>> => {
  const result = new Map<string, string>();
  for (const { prefix = "", configMapRef, secretRef } of container.envFrom ?? []) {
    const reference = configMapRef ?? secretRef;
    if (!reference) continue;
    const found = configMapRef ? await sources.configMap(reference.name ?? "") : await sources.secret(reference.name ?? "");
    if (!found && !reference.optional)
      throw new ContainerConfigError(`${configMapRef ? "configmap" : "secret"} "${reference.name ?? ""}" not found`);
    for (const [key, value] of Object.entries(found?.data ?? {})) {
      if (isVariableName.test(prefix + key)) result.set(prefix + key, configMapRef ? value : decoded(value));
    }
  }
  const services = new Map(serviceVariables(pod, await sources.services()));
  const known = new Map<string, string>([...services, ...result]);
  for (const variable of container.env ?? []) {
    const value = await valueOf(pod, container, variable, known, facts, sources);
    if (value === undefined) continue;
    known.set(variable.name, value);
    result.set(variable.name, value);
  }
  for (const [name, value] of services) if (!result.has(name)) result.set(name, value);
  return result;
};

const valueOf = async (
  pod: Pod,
  container: Container,
  { value, valueFrom }: EnvVar,
  known: ReadonlyMap<string, string>,
  facts: NodeFacts,
  sources: EnvironmentSources,
): Promise<string | undefined> => {
  if (!valueFrom) return expanded(value ?? "", known);
  if (valueFrom.fieldRef) {
    const field = podField(pod, valueFrom.fieldRef.fieldPath, facts);
    if (field === undefined) throw new ContainerConfigError(`unsupported fieldPath: ${valueFrom.fieldRef.fieldPath}`);
    return field;
  }
  if (valueFrom.resourceFieldRef) return resourceField(pod, container, valueFrom.resourceFieldRef, facts) ?? "";
  const reference = valueFrom.configMapKeyRef ?? valueFrom.secretKeyRef;
  if (!reference) return "";
  const kind = valueFrom.configMapKeyRef ? "configmap" : "secret";
  const found = valueFrom.configMapKeyRef ? await sources.configMap(reference.name ?? "") : await sources.secret(reference.name ?? "");
  if (!found) {
    if (reference.optional) return undefined;
    throw new ContainerConfigError(`${kind} "${reference.name ?? ""}" not found`);
  }
  const text = found.data?.[reference.key];
  if (text === undefined) {
    if (reference.optional) return undefined;
    const place = `${pod.metadata.namespace ?? ""}/${reference.name ?? ""}`;
    throw new ContainerConfigError(
      kind === "configmap"
        ? `couldn't find key ${reference.key} in ConfigMap ${place}`
        : `couldn't find key ${reference.key} in Secret ${place}`,
    );
  }
  return kind === "configmap" ? text : decoded(text);
};

/** `REDIS_SERVICE_HOST` and its like, for Services that have a cluster address. */
const serviceVariables = (pod: Pod, services: readonly Service[]): readonly (readonly [string, string])[] => {
  const variables: [string, string][] = [];
  for (const { metadata, spec } of services) {
    const address = spec?.clusterIP;
    const isMaster = metadata.namespace === "default" && metadata.name === "kubernetes";
    const wanted = isMaster || (metadata.namespace === pod.metadata.namespace && pod.spec?.enableServiceLinks !== false);
    const [first] = spec?.ports ?? [];
    if (!wanted || !address || address === "None" || !first) continue;
    const name = (metadata.name ?? "").toUpperCase().replaceAll("-", "_");
    variables.push([`${name}_SERVICE_HOST`, address], [`${name}_SERVICE_PORT`, String(first.port)]);
    for (const port of spec.ports!)
      if (port.name) variables.push([`${name}_SERVICE_PORT_${port.name.toUpperCase().replaceAll("-", "_")}`, String(port.port)]);
    const host = address.includes(":") ? `[${address}]` : address;
    for (const [index, { port, protocol = "TCP" }] of spec.ports!.entries()) {
      const base = `${name}_PORT_${port}_${protocol.toUpperCase()}`;
      const url = `${protocol.toLowerCase()}://${host}:${port}`;
      if (index === 0) variables.push([`${name}_PORT`, url]);
      variables.push([base, url], [`${base}_PROTO`, protocol.toLowerCase()], [`${base}_PORT`, String(port)], [`${base}_ADDR`, address]);
    }
  }
  return variables;
};
