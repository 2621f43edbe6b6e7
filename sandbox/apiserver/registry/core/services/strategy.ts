import type { Service } from "../../../../api/types.ts";
import { forbiddenField, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { nameIsDNS1035Label, nameIsDNSLabel } from "../../../../apimachinery/validation/names.ts";
import { metadataErrors, metadataUpdateErrors } from "../../generic/metadata.ts";
import { keepSpec, keepStatus } from "../../generic/status.ts";
import { defineStrategy, type StrategyContext } from "../../strategy.ts";
import { addAddressChangeErrors } from "./address-rules.ts";
import { setServiceDefaults } from "./defaults.ts";
import { dropTypeDependentFields } from "./dependent-fields.ts";
import { addClassErrors, addLoadBalancerStatusErrors } from "./traffic-rules.ts";
import { needsHealthCheck } from "./types.ts";
import { validateService } from "./validation.ts";
import { serviceWarnings } from "./warnings.ts";

/** ValidateServiceUpdate. */
const validateUpdate = (next: Service, previous: Service, context: StrategyContext): FieldError[] => {
  const errors = metadataUpdateErrors(next, previous);
  const [spec, old] = [next.spec ?? {}, previous.spec ?? {}];
  addAddressChangeErrors(errors, spec, old);
  addClassErrors(errors, spec, old);
  if (needsHealthCheck(old) && needsHealthCheck(spec) && spec.healthCheckNodePort !== old.healthCheckNodePort)
    errors.push(forbiddenField("spec.healthCheckNodePort", "field is immutable"));
  return [...errors, ...metadataErrors(next, true, nameRule(context)), ...validateService(next, context)];
};

const nameRule = ({ enabled }: StrategyContext) => (enabled("RelaxedServiceNameValidation") ? nameIsDNSLabel : nameIsDNS1035Label);

/** Types, ports and addresses of Services. Addresses and node ports are given out before this (allocation/). */
export const serviceStrategy = defineStrategy<Service>({
  group: "",
  resource: "services",
  validateName: nameIsDNS1035Label,
  setDefaults: setServiceDefaults,
  prepareForCreate: (draft) => {
    draft.status = { loadBalancer: {} };
  },
  prepareForUpdate: (draft, previous) => {
    keepStatus(draft, previous);
    dropTypeDependentFields(draft, previous);
  },
  validate: validateService,
  validateUpdate,
  warnings: serviceWarnings,
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: true,
  resetFields: ["status"],
  subresources: {
    status: {
      prepareForUpdate: keepSpec,
      validateUpdate: (next, previous, context) => {
        const errors = metadataUpdateErrors(next, previous);
        addLoadBalancerStatusErrors(errors, next.status?.loadBalancer ?? {}, next.spec ?? {}, "status.loadBalancer", context);
        return errors;
      },
      resetFields: ["spec"],
    },
  },
  selectableFields: { "spec.clusterIP": ({ spec }) => spec?.clusterIP ?? "", "spec.type": ({ spec }) => spec?.type ?? "" },
});
