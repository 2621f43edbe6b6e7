import type { MetricIdentifier, MetricSpec, MetricTarget } from "../../../../api/types.ts";
import { quantityOf } from "../../../../apimachinery/quantity/parse.ts";
import { forbiddenField, invalidValue, notSupported, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addInvalid } from "../../../../apimachinery/validation/fields.ts";
import { isDNS1123Label, nameIsPathSegment } from "../../../../apimachinery/validation/names.ts";
import { addContainerResourceNameErrors } from "../../core/podspec/resources.ts";

const types = ["ContainerResource", "External", "Object", "Pods", "Resource"];

/** validateMetrics. */
export const addMetricErrors = (errors: FieldError[], metrics: readonly MetricSpec[], minReplicas: number | undefined): void => {
  for (const [at, metric] of metrics.entries()) addMetricSpecErrors(errors, metric, `spec.metrics[${at}]`);
  if (minReplicas === 0 && !metrics.some(({ type }) => type === "Object" || type === "External"))
    errors.push(forbiddenField("spec.metrics", "must specify at least one Object or External metric to support scaling to zero replicas"));
};

const sources = ["object", "external", "pods", "resource", "containerResource"] as const;
const sourceOf: Readonly<Record<string, (typeof sources)[number]>> = {
  Object: "object",
  External: "external",
  Pods: "pods",
  Resource: "resource",
  ContainerResource: "containerResource",
};

const addMetricSpecErrors = (errors: FieldError[], metric: MetricSpec, path: string): void => {
  const { type = "" } = metric;
  if (type === "") errors.push(required(`${path}.type`, "must specify a metric source type"));
  if (!types.includes(type)) errors.push(notSupported(`${path}.type`, type, types));
  const present = sources.filter((source) => metric[source]);
  if (present[0]) addSourceErrors(errors, metric, present[0], `${path}.${present[0]}`);
  const expected = Object.hasOwn(sourceOf, type) ? sourceOf[type] : undefined;
  if (!expected) errors.push(notSupported(`${path}.type`, type, types));
  else if (!metric[expected]) errors.push(required(`${path}.${expected}`, "must populate information for the given metric source"));
  if (present.length === 1) return;
  for (const source of present)
    if (source !== expected) errors.push(forbiddenField(`${path}.${source}`, "must populate the given metric source only"));
};

const addSourceErrors = (errors: FieldError[], metric: MetricSpec, source: (typeof sources)[number], path: string): void => {
  switch (source) {
    case "object": {
      const { describedObject, metric: id, target } = metric.object!;
      addReferenceErrors(errors, describedObject, `${path}.describedObject`);
      addIdentifierErrors(errors, id, `${path}.metric`);
      addTargetErrors(errors, target, `${path}.target`);
      if (target?.value === undefined && target?.averageValue === undefined)
        errors.push(required(`${path}.target.averageValue`, "must set either a target value or averageValue"));
      return;
    }
    case "external": {
      const { metric: id, target } = metric.external!;
      addIdentifierErrors(errors, id, `${path}.metric`);
      addTargetErrors(errors, target, `${path}.target`);
      if (target?.value === undefined && target?.averageValue === undefined)
        errors.push(required(`${path}.target.averageValue`, "must set either a target value for metric or a per-pod target"));
      if (target?.value !== undefined && target.averageValue !== undefined)
        errors.push(forbiddenField(`${path}.target.value`, "may not set both a target value for metric and a per-pod target"));
      return;
    }
    case "pods": {
      const { metric: id, target } = metric.pods!;
      addIdentifierErrors(errors, id, `${path}.metric`);
      addTargetErrors(errors, target, `${path}.target`);
      if (target?.averageValue === undefined)
        errors.push(required(`${path}.target.averageValue`, "must specify a positive target averageValue"));
      return;
    }
    case "resource": {
      const { name, target } = metric.resource!;
      if (!name) errors.push(required(`${path}.name`, "must specify a resource name"));
      addUtilizationErrors(errors, target, path);
      return;
    }
    case "containerResource": {
      const { name, container, target } = metric.containerResource!;
      if (!name) errors.push(required(`${path}.name`, "must specify a resource name"));
      else addContainerResourceNameErrors(errors, name, `${path}.name`);
      if (!container) errors.push(required(`${path}.container`, "must specify a container"));
      else addInvalid(errors, `${path}.container`, container, isDNS1123Label(container));
      addUtilizationErrors(errors, target, path);
    }
  }
};

const addUtilizationErrors = (errors: FieldError[], target: MetricTarget | undefined, path: string): void => {
  addTargetErrors(errors, target, `${path}.target`);
  const [percent, value] = [target?.averageUtilization, target?.averageValue];
  if (percent === undefined && value === undefined)
    errors.push(required(`${path}.target.averageUtilization`, "must set either a target raw value or a target utilization"));
  if (percent !== undefined && value !== undefined)
    errors.push(forbiddenField(`${path}.target.averageValue`, "may not set both a target raw value and a target utilization"));
};

const targetTypes = ["Utilization", "Value", "AverageValue"];

/** validateMetricTarget. */
const addTargetErrors = (errors: FieldError[], target: MetricTarget | undefined, path: string): void => {
  const type = target?.type ?? "";
  if (type === "") errors.push(required(`${path}.type`, "must specify a metric target type"));
  if (!targetTypes.includes(type)) errors.push(invalidValue(`${path}.type`, type, "must be either Utilization, Value, or AverageValue"));
  for (const field of ["value", "averageValue"] as const) {
    const amount = target?.[field];
    if (amount !== undefined && quantityOf(amount).sign() !== 1) errors.push(invalidValue(`${path}.${field}`, amount, "must be positive"));
  }
  const percent = target?.averageUtilization;
  if (percent !== undefined && percent < 1) errors.push(invalidValue(`${path}.averageUtilization`, percent, "must be greater than 0"));
};

const addIdentifierErrors = (errors: FieldError[], id: MetricIdentifier | undefined, path: string): void => {
  if (!id?.name) errors.push(required(`${path}.name`, "must specify a metric name"));
  else addInvalid(errors, `${path}.name`, id.name, nameIsPathSegment(id.name, false));
};

/** ValidateCrossVersionObjectReference. */
export const addReferenceErrors = (
  errors: FieldError[],
  reference: { readonly kind?: string; readonly name?: string } | undefined,
  path: string,
): void => {
  for (const field of ["kind", "name"] as const) {
    const value = reference?.[field];
    if (!value) errors.push(required(`${path}.${field}`));
    else addInvalid(errors, `${path}.${field}`, value, nameIsPathSegment(value, false));
  }
};
