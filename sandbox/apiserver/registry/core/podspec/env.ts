import type { EnvFromSource, EnvVar, EnvVarSource } from "../../../../api/types.ts";
import { invalidValue, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addInvalid } from "../../../../apimachinery/validation/fields.ts";
import { isConfigMapKey, isEnvVarName, isRelaxedEnvVarName, nameIsDNSSubdomain } from "../../../../apimachinery/validation/names.ts";
import { addFieldRefErrors, addResourceRefErrors, envFields } from "./downward-api.ts";
import type { PodRules } from "./options.ts";

const nameSentences = (name: string, { allowRelaxedEnvNames }: PodRules): readonly string[] =>
  allowRelaxedEnvNames ? isRelaxedEnvVarName(name) : isEnvVarName(name);

/** ValidateEnv. */
export const addEnvErrors = (errors: FieldError[], variables: readonly EnvVar[], path: string, rules: PodRules): void => {
  for (let at = 0; at < variables.length; at++) {
    const { name, value, valueFrom } = variables[at]!;
    if (!name) errors.push(required(`${path}[${at}].name`));
    else addInvalid(errors, `${path}[${at}].name`, name, nameSentences(name, rules));
    if (valueFrom) addValueFromErrors(errors, valueFrom, value ?? "", `${path}[${at}].valueFrom`);
  }
};

const addValueFromErrors = (errors: FieldError[], source: EnvVarSource, value: string, path: string): void => {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = source;
  let sources = 0;
  if (fieldRef) {
    sources++;
    addFieldRefErrors(errors, fieldRef, `${path}.fieldRef`, envFields);
  }
  if (resourceFieldRef) {
    sources++;
    addResourceRefErrors(errors, resourceFieldRef, `${path}.resourceFieldRef`, false);
  }
  if (configMapKeyRef) {
    sources++;
    addKeyRefErrors(errors, configMapKeyRef, `${path}.configMapKeyRef`);
  }
  if (secretKeyRef) {
    sources++;
    addKeyRefErrors(errors, secretKeyRef, `${path}.secretKeyRef`);
  }
  if (sources === 0)
    errors.push(invalidValue(path, "", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`"));
  else if (value !== "") errors.push(invalidValue(path, "", "may not be specified when `value` is not empty"));
  else if (sources > 1) errors.push(invalidValue(path, "", "may not have more than one field specified at a time"));
};

const addKeyRefErrors = (
  errors: FieldError[],
  { name = "", key }: { readonly name?: string; readonly key?: string },
  path: string,
): void => {
  addInvalid(errors, `${path}.name`, name, nameIsDNSSubdomain(name, false));
  if (!key) errors.push(required(`${path}.key`));
  else addInvalid(errors, `${path}.key`, key, isConfigMapKey(key));
};

/** ValidateEnvFrom. Upstream tells of too many and too few sources at the list. */
export const addEnvFromErrors = (errors: FieldError[], sources: readonly EnvFromSource[], path: string, rules: PodRules): void => {
  for (const [at, { prefix, configMapRef, secretRef }] of sources.entries()) {
    if (prefix) addInvalid(errors, `${path}[${at}].prefix`, prefix, nameSentences(prefix, rules));
    if (configMapRef) addNameErrors(errors, configMapRef.name, `${path}[${at}].configMapRef.name`);
    if (secretRef) addNameErrors(errors, secretRef.name, `${path}[${at}].secretRef.name`);
    if (!configMapRef && !secretRef) errors.push(invalidValue(path, "", "must specify one of: `configMapRef` or `secretRef`"));
    else if (configMapRef && secretRef) errors.push(invalidValue(path, "", "may not have more than one field specified at a time"));
  }
};

const addNameErrors = (errors: FieldError[], name: string | undefined, path: string): void => {
  if (!name) errors.push(required(path));
  else addInvalid(errors, path, name, nameIsDNSSubdomain(name, true));
};
