import type { ConfigMapNodeConfigSource, Node, NodeConfigSource } from "../../../../api/types.ts";
import { forbiddenField, invalidValue, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addInvalid } from "../../../../apimachinery/validation/fields.ts";
import { isConfigMapKey, nameIsDNSLabel, nameIsDNSSubdomain } from "../../../../apimachinery/validation/names.ts";

/** The dynamic configuration of kubelets is gone, but what is stored of it is still looked at. */
export const addNodeConfigErrors = (errors: FieldError[], { spec, status }: Node): void => {
  if (spec?.configSource) addSourceErrors(errors, spec.configSource, "spec.configSource", addSpecErrors);
  for (const which of ["assigned", "active", "lastKnownGood"] as const) {
    const source = status?.config?.[which];
    if (source) addSourceErrors(errors, source, `status.config.${which}`, addStatusErrors);
  }
};

type AddErrors = (errors: FieldError[], configMap: ConfigMapNodeConfigSource, path: string) => void;

const addSourceErrors = (errors: FieldError[], source: NodeConfigSource, path: string, addOwn: AddErrors): void => {
  if (!source.configMap) {
    errors.push(invalidValue(path, source, "exactly one reference subfield must be non-nil"));
    return;
  }
  addOwn(errors, source.configMap, `${path}.configMap`);
  addConfigMapErrors(errors, source.configMap, `${path}.configMap`);
};

const addSpecErrors: AddErrors = (errors, { uid, resourceVersion }, path) => {
  if (uid) errors.push(forbiddenField(`${path}.uid`, "uid must not be set in spec"));
  if (resourceVersion) errors.push(forbiddenField(`${path}.resourceVersion`, "resourceVersion must not be set in spec"));
};

const addStatusErrors: AddErrors = (errors, { uid, resourceVersion }, path) => {
  if (!uid) errors.push(required(`${path}.uid`, "uid must be set in status"));
  if (!resourceVersion) errors.push(required(`${path}.resourceVersion`, "resourceVersion must be set in status"));
};

const addConfigMapErrors: AddErrors = (errors, { namespace, name, kubeletConfigKey }, path) => {
  if (!namespace) errors.push(required(`${path}.namespace`, "namespace must be set"));
  else addInvalid(errors, `${path}.namespace`, namespace, nameIsDNSLabel(namespace, false));
  if (!name) errors.push(required(`${path}.name`, "name must be set"));
  else addInvalid(errors, `${path}.name`, name, nameIsDNSSubdomain(name, false));
  if (!kubeletConfigKey) errors.push(required(`${path}.kubeletConfigKey`, "kubeletConfigKey must be set"));
  else addInvalid(errors, `${path}.kubeletConfigKey`, kubeletConfigKey, isConfigMapKey(kubeletConfigKey));
};
