import type { ContainerPort, PodSpec } from "../../../../api/types.ts";
import { duplicate, invalidValue, notSupported, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addInvalid } from "../../../../apimachinery/validation/fields.ts";
import { isValidPortName, isValidPortNum } from "../../../../apimachinery/validation/names.ts";
import type { AnyContainer } from "./visit.ts";

export const protocols = ["SCTP", "TCP", "UDP"];

/** A port's protocol: of containers, services and endpoints. */
export const addProtocolErrors = (errors: FieldError[], protocol: string | undefined, path: string): void => {
  if (!protocol) errors.push(required(path));
  else if (!protocols.includes(protocol)) errors.push(notSupported(path, protocol, protocols));
};

/** A port's number, or the name of one (ValidatePortNumOrName). */
export const addPortReferenceErrors = (errors: FieldError[], port: number | string | undefined, path: string): void => {
  if (typeof port === "string") addInvalid(errors, path, port, isValidPortName(port));
  else addInvalid(errors, path, port ?? 0, isValidPortNum(port ?? 0));
};

/** validateContainerPorts. */
export const addContainerPortErrors = (errors: FieldError[], ports: readonly ContainerPort[], path: string): void => {
  const names = new Set<string>();
  for (let at = 0; at < ports.length; at++) {
    const { name, containerPort, hostPort, protocol } = ports[at]!;
    const field = `${path}[${at}]`;
    if (name) {
      const sentences = isValidPortName(name);
      addInvalid(errors, `${field}.name`, name, sentences);
      if (sentences.length === 0 && names.has(name)) errors.push(duplicate(`${field}.name`, name));
      else if (sentences.length === 0) names.add(name);
    }
    if (!containerPort) errors.push(required(`${field}.containerPort`));
    else addInvalid(errors, `${field}.containerPort`, containerPort, isValidPortNum(containerPort));
    if (hostPort) addInvalid(errors, `${field}.hostPort`, hostPort, isValidPortNum(hostPort));
    addProtocolErrors(errors, protocol, `${field}.protocol`);
  }
};

/** A node's port can be had once (checkHostPortConflicts). */
export const addHostPortConflicts = (errors: FieldError[], containers: readonly AnyContainer[], path: string): void => {
  let taken: Set<string> | undefined;
  for (const [at, { ports }] of containers.entries())
    for (const [portAt, { hostPort, hostIP = "", protocol = "" }] of (ports ?? []).entries()) {
      if (!hostPort) continue;
      const key = `${protocol}/${hostIP}/${hostPort}`;
      taken ??= new Set();
      if (taken.has(key)) errors.push(duplicate(`${path}[${at}].ports[${portAt}].hostPort`, key));
      taken.add(key);
    }
};

/** With the node's network a container's port is the node's (validatePodHostNetworkDeps). */
export const addHostNetworkErrors = (errors: FieldError[], { hostNetwork, containers }: PodSpec, path: string, isPod: boolean): void => {
  if (!hostNetwork) return;
  for (const [at, { ports }] of (containers ?? []).entries())
    for (const [portAt, { hostPort = 0, containerPort }] of (ports ?? []).entries())
      if ((isPod || hostPort !== 0) && hostPort !== containerPort)
        errors.push(
          invalidValue(
            `${path}.containers[${at}].ports[${portAt}].hostPort`,
            hostPort,
            "must match `containerPort` when `hostNetwork` is true",
          ),
        );
};
