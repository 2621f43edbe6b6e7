import type { APIService } from "../../../api/types.ts";
import { invalidValue, required, type FieldError } from "../../../apimachinery/validation/field-error.ts";
import { addInvalid } from "../../../apimachinery/validation/fields.ts";
import { isDNS1035Label, isDNS1123Subdomain, isValidPortNum, nameIsPathSegment } from "../../../apimachinery/validation/names.ts";
import { toTime } from "../../../base/clock/clock.ts";
import { anyMetadataErrors, anyMetadataUpdateErrors } from "../generic/metadata.ts";
import { keepStatus, statusStrategy } from "../generic/status.ts";
import { defineStrategy } from "../strategy.ts";

/** ValidateAPIService, without the metadata: it is named for its version and group. */
const validate = ({ metadata, spec }: APIService): FieldError[] => {
  const errors: FieldError[] = [];
  const {
    group = "",
    version = "",
    groupPriorityMinimum = 0,
    versionPriority = 0,
    service,
    insecureSkipTLSVerify,
    caBundle,
  } = spec ?? ({} as Partial<APIService["spec"]>);
  const named = `${version}.${group}`;
  if (metadata.name !== named)
    errors.push(invalidValue("metadata.name", metadata.name, `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(named)}`));
  if (group === "") {
    if (version !== "v1") errors.push(required("spec.group", "only v1 may have an empty group and it better be legacy kube"));
  } else addInvalid(errors, "spec.group", group, isDNS1123Subdomain(group));
  addInvalid(errors, "spec.version", version, isDNS1035Label(version));
  if (groupPriorityMinimum <= 0 || groupPriorityMinimum > 20_000)
    errors.push(invalidValue("spec.groupPriorityMinimum", groupPriorityMinimum, "must be positive and less than 20000"));
  if (versionPriority <= 0 || versionPriority > 1000)
    errors.push(invalidValue("spec.versionPriority", versionPriority, "must be positive and less than 1000"));
  if (!service) {
    if (caBundle)
      errors.push(
        invalidValue("spec.caBundle", `${Buffer.from(caBundle, "base64").byteLength} bytes`, "local APIServices may not have a caBundle"),
      );
    if (insecureSkipTLSVerify)
      errors.push(
        invalidValue("spec.insecureSkipTLSVerify", insecureSkipTLSVerify, "local APIServices may not have insecureSkipTLSVerify"),
      );
    return errors;
  }
  if (!service.namespace) errors.push(required("spec.service.namespace"));
  if (!service.name) errors.push(required("spec.service.name"));
  if (service.port !== undefined)
    for (const sentence of isValidPortNum(service.port))
      errors.push(invalidValue("spec.service.port", service.port, `port is not valid: ${sentence}`));
  if (insecureSkipTLSVerify && caBundle)
    errors.push(invalidValue("spec.insecureSkipTLSVerify", insecureSkipTLSVerify, "may not be true if caBundle is present"));
  return errors;
};

export const apiServiceStrategy = defineStrategy<APIService>({
  group: "apiregistration.k8s.io",
  resource: "apiservices",
  anyFinalizers: true,
  validateName: nameIsPathSegment,
  setDefaults: ({ spec }) => {
    if (spec?.service) spec.service.port ??= 443;
  },
  prepareForCreate: (draft, { now }) => {
    draft.status = {};
    // What is served by this server itself is available from the start.
    if (!draft.spec?.service)
      draft.status.conditions = [
        {
          type: "Available",
          status: "True",
          reason: "Local",
          message: "Local APIServices are always available",
          lastTransitionTime: toTime(now),
        },
      ];
  },
  prepareForUpdate: keepStatus,
  validate,
  validateUpdate: (next, previous) => [
    ...anyMetadataUpdateErrors(next, previous),
    ...anyMetadataErrors(next, false, nameIsPathSegment),
    ...validate(next),
  ],
  resetFields: ["status"],
  subresources: { status: statusStrategy<APIService>(anyMetadataUpdateErrors) },
});
