import type { CertificateSigningRequest, CertificateSigningRequestCondition } from "../../../api/types.ts";
import type { Draft } from "../../../apimachinery/meta/types.ts";
import { toTime } from "../../../base/clock/clock.ts";
import { isSemanticallyEqual } from "../../../apimachinery/equality/equality.ts";
import {
  duplicate,
  forbiddenField,
  GoText,
  invalidValue,
  notSupported,
  omitted,
  required,
  type FieldError,
} from "../../../apimachinery/validation/field-error.ts";
import { addSignerNameErrors } from "../../../apimachinery/validation/signer-name.ts";
import { metadataErrors, metadataUpdateErrors } from "../generic/metadata.ts";
import { keepSpec } from "../generic/status.ts";
import { defineStrategy, type StrategyContext } from "../strategy.ts";

type Request = CertificateSigningRequest;

const usages = [
  "signing",
  "digital signature",
  "content commitment",
  "key encipherment",
  "key agreement",
  "data encipherment",
  "cert sign",
  "crl sign",
  "encipher only",
  "decipher only",
  "any",
  "server auth",
  "client auth",
  "code signing",
  "email protection",
  "s/mime",
  "ipsec end system",
  "ipsec tunnel",
  "ipsec user",
  "timestamping",
  "ocsp signing",
  "microsoft sgc",
  "netscape sgc",
];
const shortest = 600;
const legacySigner = "kubernetes.io/legacy-unknown";

/** Whether the bytes are one PEM block of a certificate request. Its contents are looked at by who signs. */
const requestProblem = (request: string): string | undefined => {
  const text = Buffer.from(request, "base64").toString("latin1");
  return /-----BEGIN CERTIFICATE REQUEST-----[^-]+-----END CERTIFICATE REQUEST-----/.test(text)
    ? undefined
    : "PEM block type must be CERTIFICATE REQUEST";
};

const validate = ({ spec }: Request): FieldError[] => {
  const errors: FieldError[] = [];
  const problem = requestProblem(spec.request ?? "");
  if (problem !== undefined)
    errors.push(invalidValue("spec.request", new GoText(spec.request ? goBytes(spec.request) : "[]byte(nil)"), problem));
  if ((spec.usages ?? []).length === 0) errors.push(required("spec.usages"));
  const seen = new Set<string>();
  for (const [at, usage] of (spec.usages ?? []).entries()) {
    if (!usages.includes(usage)) errors.push(notSupported(`spec.usages[${at}]`, usage, [...usages].sort()));
    if (seen.has(usage)) errors.push(duplicate(`spec.usages[${at}]`, usage));
    seen.add(usage);
  }
  if (spec.signerName === legacySigner)
    errors.push(invalidValue("spec.signerName", spec.signerName, "the legacy signerName is not allowed via this API version"));
  else addSignerNameErrors(errors, "spec.signerName", spec.signerName ?? "");
  if (spec.expirationSeconds !== undefined && spec.expirationSeconds < shortest)
    errors.push(
      invalidValue("spec.expirationSeconds", spec.expirationSeconds, "may not specify a duration less than 600 seconds (10 minutes)"),
    );
  return errors;
};

const goBytes = (base64: string): string =>
  `[]byte{${[...Buffer.from(base64, "base64")].map((byte) => `0x${byte.toString(16)}`).join(", ")}}`;

const conditionErrors = (conditions: readonly CertificateSigningRequestCondition[]): FieldError[] => {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [at, { type, status }] of conditions.entries()) {
    const path = `status.conditions[${at}]`;
    if (!type) errors.push(required(`${path}.type`));
    else if (seen.has(type)) errors.push(duplicate(`${path}.type`, type));
    seen.add(type);
    if ((type === "Approved" || type === "Denied" || type === "Failed") && status !== "True") {
      if (!status) errors.push(required(`${path}.status`));
      else if (["True", "False", "Unknown"].includes(status)) errors.push(notSupported(`${path}.status`, status, ["True"]));
      else errors.push(notSupported(`${path}.status`, status, ["False", "True", "Unknown"]));
    }
  }
  if (seen.has("Approved") && seen.has("Denied"))
    errors.push(invalidValue("status.conditions", omitted, "Approved and Denied conditions are mutually exclusive"));
  return errors;
};

/** A condition of these types, once there, may be neither removed nor changed but by `approval`. */
const decisionErrors = (next: Request, previous: Request): FieldError[] => {
  const errors: FieldError[] = [];
  for (const type of ["Approved", "Denied", "Failed"]) {
    const before = previous.status?.conditions?.filter((condition) => condition.type === type) ?? [];
    const after = next.status?.conditions?.filter((condition) => condition.type === type) ?? [];
    if (before.length > 0 && after.length === 0)
      errors.push(forbiddenField("status.conditions", `updates may not remove a condition of type "${type}"`));
    else if (before.length > 0 && !isSemanticallyEqual(before, after))
      errors.push(forbiddenField("status.conditions", `updates may not modify a condition of type "${type}"`));
    else if (type !== "Failed" && before.length === 0 && after.length > 0)
      errors.push(forbiddenField("status.conditions", `updates may not add a condition of type "${type}"`));
  }
  return errors;
};

const stampConditions = (draft: Draft<Request>, previous: Request, { now }: StrategyContext): void => {
  for (const condition of draft.status?.conditions ?? []) {
    const before = previous.status?.conditions?.find(({ type }) => type === condition.type);
    condition.status ||= "True" as typeof condition.status;
    condition.lastUpdateTime ??= toTime(now);
    condition.lastTransitionTime ??= before?.status === condition.status ? before.lastTransitionTime : toTime(now);
  }
};

export const certificateSigningRequestStrategy = defineStrategy<Request>({
  group: "certificates.k8s.io",
  resource: "certificatesigningrequests",
  setDefaults: ({ status }) => {
    for (const condition of status?.conditions ?? []) condition.status ||= "True" as typeof condition.status;
  },
  prepareForCreate: (draft, { user }) => {
    // Who asks is what authentication says, never what the client does.
    const { spec } = draft;
    delete spec.uid;
    delete spec.extra;
    spec.username = user.name;
    spec.groups = [...user.groups];
    if (user.uid) spec.uid = user.uid;
    if (user.extra && Object.keys(user.extra).length > 0)
      spec.extra = Object.fromEntries(Object.entries(user.extra).map(([key, values]) => [key, [...values]]));
    draft.status = {};
  },
  prepareForUpdate: (draft, previous) => {
    draft.spec = previous.spec as typeof draft.spec;
    draft.status = previous.status as typeof draft.status;
  },
  validate,
  validateUpdate: (next, previous) => [...metadataErrors(next, false), ...validate(next), ...metadataUpdateErrors(next, previous)],
  allowUnconditionalUpdate: true,
  // What is asked for can never be changed, so that nobody owns it.
  resetFields: ["spec", "status"],
  selectableFields: { "spec.signerName": ({ spec }) => spec.signerName },
  subresources: {
    status: {
      prepareForUpdate: (draft, previous, context) => {
        keepSpec(draft, previous);
        stampConditions(draft, previous, context);
      },
      validateUpdate: (next, previous) => {
        const errors = [
          ...metadataErrors(next, false),
          ...conditionErrors(next.status?.conditions ?? []),
          ...metadataUpdateErrors(next, previous),
          ...decisionErrors(next, previous),
        ];
        const before = previous.status?.certificate;
        if (before && before !== next.status?.certificate)
          errors.push(forbiddenField("status.certificate", "updates may not modify certificate content"));
        return errors;
      },
      resetFields: ["spec"],
    },
    approval: {
      prepareForUpdate: (draft, previous, context) => {
        keepSpec(draft, previous);
        const conditions = draft.status?.conditions;
        draft.status = { ...(previous.status as Draft<NonNullable<Request["status"]>>), ...(conditions && { conditions }) };
        stampConditions(draft, previous, context);
      },
      validateUpdate: (next, previous) => {
        const errors = [
          ...metadataErrors(next, false),
          ...conditionErrors(next.status?.conditions ?? []),
          ...metadataUpdateErrors(next, previous),
        ];
        for (const type of ["Approved", "Denied"]) {
          const has = (request: Request): boolean => request.status?.conditions?.some((condition) => condition.type === type) ?? false;
          if (has(previous) && !has(next))
            errors.push(forbiddenField("status.conditions", `updates may not remove a condition of type "${type}"`));
        }
        return errors;
      },
      resetFields: ["spec", "status.certificate"],
    },
  },
});
