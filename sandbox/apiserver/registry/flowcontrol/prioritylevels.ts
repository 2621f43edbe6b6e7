import type { PriorityLevelConfiguration } from "../../../api/types.ts";
import { isSemanticallyEqual } from "../../../apimachinery/equality/equality.ts";
import { forbiddenField, invalidValue, notSupported, required, type FieldError } from "../../../apimachinery/validation/field-error.ts";
import { setFirstGeneration, setNextGeneration } from "../generic/generation.ts";
import { metadataErrors } from "../generic/metadata.ts";
import { keepStatus, statusStrategy } from "../generic/status.ts";
import { defineStrategy } from "../strategy.ts";

type Limited = NonNullable<PriorityLevelConfiguration["spec"]["limited"]>;

/** ValidatePriorityLevelConfiguration, without the metadata. */
const validate = ({ metadata, spec }: PriorityLevelConfiguration): FieldError[] => {
  const errors: FieldError[] = [];
  const { type, limited, exempt } = spec ?? {};
  const isExemptName = metadata.name === "exempt";
  if ((type === "Exempt") !== isExemptName && (type === "Exempt" || isExemptName))
    errors.push(invalidValue("spec.type", type, "type must be 'Exempt' if and only if name is 'exempt'"));
  if (type === "Exempt") {
    if (limited) errors.push(forbiddenField("spec.limited", "must be nil if the type is not Limited"));
    if (exempt) addShareErrors(errors, exempt.nominalConcurrencyShares, exempt.lendablePercent, "spec.exempt");
  } else if (type === "Limited") {
    if (exempt) errors.push(forbiddenField("spec.exempt", "must be nil if the type is Limited"));
    if (!limited) errors.push(required("spec.limited", "must not be empty when type is Limited"));
    else addLimitedErrors(errors, limited, "spec.limited");
  } else errors.push(notSupported("spec.type", type ?? "", ["Exempt", "Limited"]));
  return errors;
};

const addShareErrors = (errors: FieldError[], shares: number | undefined, lendable: number | undefined, path: string): void => {
  if (shares !== undefined && shares < 0)
    errors.push(invalidValue(`${path}.nominalConcurrencyShares`, shares, "must be a non-negative integer"));
  if (lendable !== undefined && (lendable < 0 || lendable > 100))
    errors.push(invalidValue(`${path}.lendablePercent`, lendable, "must be between 0 and 100, inclusive"));
};

const addLimitedErrors = (
  errors: FieldError[],
  { nominalConcurrencyShares, limitResponse, lendablePercent, borrowingLimitPercent }: Limited,
  path: string,
): void => {
  addShareErrors(errors, nominalConcurrencyShares, undefined, path);
  const { type = "", queuing } = limitResponse ?? {};
  const own = `${path}.limitResponse`;
  if (type === "Reject") {
    if (queuing) errors.push(forbiddenField(`${own}.queuing`, "must be nil if limited.limitResponse.type is not Limited"));
  } else if (type === "Queue") {
    if (!queuing) errors.push(required(`${own}.queuing`, "must not be empty if limited.limitResponse.type is Limited"));
    else addQueueErrors(errors, queuing, `${own}.queuing`);
  } else errors.push(notSupported(`${own}.type`, type, ["Queue", "Reject"]));
  addShareErrors(errors, undefined, lendablePercent, path);
  if (borrowingLimitPercent !== undefined && borrowingLimitPercent < 0)
    errors.push(invalidValue(`${path}.borrowingLimitPercent`, borrowingLimitPercent, "if specified, must be a non-negative integer"));
};

const mostQueues = 10 * 1024 * 1024;

const addQueueErrors = (
  errors: FieldError[],
  { queueLengthLimit = 0, queues = 0, handSize = 0 }: NonNullable<Limited["limitResponse"]>["queuing"] & object,
  path: string,
): void => {
  if (queueLengthLimit <= 0) errors.push(invalidValue(`${path}.queueLengthLimit`, queueLengthLimit, "must be positive"));
  if (queues <= 0) errors.push(invalidValue(`${path}.queues`, queues, "must be positive"));
  else if (queues > mostQueues) errors.push(invalidValue(`${path}.queues`, queues, `must not be greater than ${mostQueues}`));
  if (handSize <= 0) errors.push(invalidValue(`${path}.handSize`, handSize, "must be positive"));
  else if (handSize > queues) errors.push(invalidValue(`${path}.handSize`, handSize, `should not be greater than queues (${queues})`));
  else {
    let bits = 0;
    for (let left = 0; left < handSize; left++) bits += Math.log2(queues - left);
    if (bits > 60)
      errors.push(
        invalidValue(
          `${path}.handSize`,
          handSize,
          `required entropy bits of deckSize ${queues} and handSize ${handSize} should not be greater than 60`,
        ),
      );
  }
};

/** The mandatory levels stay as every cluster has them, but for how `exempt` lends. */
const fixedErrors = ({ metadata, spec }: PriorityLevelConfiguration, previous: PriorityLevelConfiguration): FieldError[] => {
  if (metadata.name === "exempt") {
    const { exempt: _next, ...own } = spec;
    const { exempt: _previous, ...fixed } = previous.spec;
    return isSemanticallyEqual(own, fixed)
      ? []
      : [invalidValue("spec", spec, "spec of 'exempt' except the 'spec.exempt' field must equal the fixed value")];
  }
  if (metadata.name !== "catch-all" || isSemanticallyEqual(spec, previous.spec)) return [];
  return [invalidValue("spec", spec, "spec of 'catch-all' must equal the fixed value")];
};

export const priorityLevelConfigurationStrategy = defineStrategy<PriorityLevelConfiguration>({
  group: "flowcontrol.apiserver.k8s.io",
  resource: "prioritylevelconfigurations",
  setDefaults: ({ spec }) => {
    if (!spec) return;
    if (spec.type === "Exempt" && spec.exempt) {
      spec.exempt.nominalConcurrencyShares ??= 0;
      spec.exempt.lendablePercent ??= 0;
    }
    if (!spec.limited) return;
    spec.limited.nominalConcurrencyShares ??= 30;
    spec.limited.lendablePercent ??= 0;
    const queuing = spec.limited.limitResponse?.queuing;
    if (!queuing) return;
    queuing.handSize ||= 8;
    queuing.queues ||= 64;
    queuing.queueLengthLimit ||= 50;
  },
  prepareForCreate: (draft) => {
    draft.status = {};
    setFirstGeneration(draft);
  },
  prepareForUpdate: (draft, previous) => {
    keepStatus(draft, previous);
    setNextGeneration(draft, previous);
  },
  validate,
  validateUpdate: (next, previous) => [...metadataErrors(next, false), ...validate(next), ...fixedErrors(next, previous)],
  allowUnconditionalUpdate: true,
  resetFields: ["status"],
  subresources: { status: statusStrategy<PriorityLevelConfiguration>() },
});
