import type { IngressClass, IngressClassParametersReference } from "../../../../api/types.ts";
import {
  forbiddenField,
  invalidValue,
  notSupported,
  required,
  tooLong,
  type FieldError,
} from "../../../../apimachinery/validation/field-error.ts";
import { addInvalid, addImmutable, bytesOf } from "../../../../apimachinery/validation/fields.ts";
import { isDNS1123Label, isDNS1123Subdomain, isDomainPrefixedPath, nameIsPathSegment } from "../../../../apimachinery/validation/names.ts";
import { setFirstGeneration, setNextGeneration } from "../../generic/generation.ts";
import { metadataUpdateErrors } from "../../generic/metadata.ts";
import { defineStrategy } from "../../strategy.ts";

const maximumController = 250;

const validate = ({ spec }: IngressClass): FieldError[] => {
  const errors: FieldError[] = [];
  const controller = spec?.controller ?? "";
  if (controller === "") errors.push(required("spec.controller"));
  else {
    if (bytesOf(controller) > maximumController) errors.push(tooLong("spec.controller", maximumController));
    for (const { value, sentence } of isDomainPrefixedPath(controller)) errors.push(invalidValue("spec.controller", value, sentence));
  }
  if (spec?.parameters) addParameterErrors(errors, spec.parameters, "spec.parameters");
  return errors;
};

const addParameterErrors = (
  errors: FieldError[],
  { apiGroup, kind = "", name = "", scope, namespace }: IngressClassParametersReference,
  path: string,
): void => {
  if (apiGroup) addInvalid(errors, `${path}.apiGroup`, apiGroup, isDNS1123Subdomain(apiGroup));
  if (kind === "") errors.push(required(`${path}.kind`));
  else addInvalid(errors, `${path}.kind`, kind, nameIsPathSegment(kind, false));
  if (name === "") errors.push(required(`${path}.name`));
  else addInvalid(errors, `${path}.name`, name, nameIsPathSegment(name, false));
  if (!scope) return void errors.push(required(`${path}.scope`));
  if (scope !== "Cluster" && scope !== "Namespace") errors.push(notSupported(`${path}.scope`, scope, ["Cluster", "Namespace"]));
  if (scope === "Namespace") {
    if (namespace === undefined) errors.push(required(`${path}.namespace`, "`parameters.scope` is set to 'Namespace'"));
    else addInvalid(errors, `${path}.namespace`, namespace, isDNS1123Label(namespace));
  }
  if (scope === "Cluster" && namespace !== undefined)
    errors.push(forbiddenField(`${path}.namespace`, "`parameters.scope` is set to 'Cluster'"));
};

export const ingressClassStrategy = defineStrategy<IngressClass>({
  group: "networking.k8s.io",
  resource: "ingressclasses",
  setDefaults: ({ spec }) => {
    if (spec?.parameters) spec.parameters.scope ??= "Cluster";
  },
  prepareForCreate: setFirstGeneration,
  prepareForUpdate: setNextGeneration,
  validate,
  validateUpdate: (next, previous) => {
    const errors = [...metadataUpdateErrors(next, previous)];
    addImmutable(errors, "spec.controller", next.spec?.controller ?? "", previous.spec?.controller ?? "");
    return [...errors, ...validate(next)];
  },
  allowUnconditionalUpdate: true,
});
