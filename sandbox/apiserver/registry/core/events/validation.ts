import type { Event } from "../../../../api/types.ts";
import { invalidValue, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addImmutable, addInvalid, bytesOf } from "../../../../apimachinery/validation/fields.ts";
import { isDNS1123Subdomain, isQualifiedName } from "../../../../apimachinery/validation/names.ts";

const limits = { reportingInstance: 128, action: 128, reason: 128, message: 1024 };

/** What every event must pass, whatever its version; `group` is the request's (legacyValidateEvent). */
export const legacyEventErrors = (event: Event, group: string): FieldError[] => {
  const errors: FieldError[] = [];
  const { namespace = "" } = event.metadata;
  const about = event.involvedObject?.namespace ?? "";
  const mismatch = (): void => void errors.push(invalidValue("involvedObject.namespace", about, "does not match event.namespace"));
  if (event.eventTime) {
    if (about === "" && namespace !== "default" && namespace !== "kube-system") mismatch();
    addNewEventErrors(errors, event, group === "" ? "reportingComponent" : "reportingController");
  } else if (about === "" ? namespace !== "" && namespace !== "default" : namespace !== about) mismatch();
  addInvalid(errors, "namespace", namespace, isDNS1123Subdomain(namespace));
  return errors;
};

const addNewEventErrors = (errors: FieldError[], event: Event, reporter: string): void => {
  const { reportingComponent = "", reportingInstance = "", action = "", reason = "", message = "" } = event;
  const check = (field: "reportingInstance" | "action" | "reason" | "message", value: string, isRequired = true): void => {
    if (isRequired && value === "") errors.push(required(field));
    if (bytesOf(value) > limits[field]) errors.push(invalidValue(field, "", `can have at most ${limits[field]} characters`));
  };
  if (reportingComponent === "") errors.push(required(reporter));
  addInvalid(errors, reporter, reportingComponent, isQualifiedName(reportingComponent));
  check("reportingInstance", reportingInstance);
  check("action", action);
  check("reason", reason);
  check("message", message, false);
};

/** What events.k8s.io/v1 asks of a new event beyond that. */
export const strictEventErrors = (event: Event): FieldError[] => {
  const errors: FieldError[] = [];
  addSeriesErrors(errors, event);
  if (!event.eventTime) errors.push(required("eventTime"));
  if (event.type !== "Normal" && event.type !== "Warning") errors.push(invalidValue("type", "", `has invalid value: ${event.type ?? ""}`));
  for (const field of ["firstTimestamp", "lastTimestamp", "count"] as const)
    if (event[field]) errors.push(invalidValue(field, "", "needs to be unset"));
  if (event.source?.component || event.source?.host) errors.push(invalidValue("source", "", "needs to be unset"));
  return errors;
};

const addSeriesErrors = (errors: FieldError[], { series }: Event): void => {
  if (!series) return;
  if ((series.count ?? 0) < 2) errors.push(invalidValue("series.count", "", "should be at least 2"));
  if (!series.lastObservedTime) errors.push(required("series.lastObservedTime"));
};

/** Of an event only its series goes on (ValidateEventUpdate); paths are those of upstream's own type. */
export const strictEventUpdateErrors = (next: Event, previous: Event): FieldError[] => {
  const errors: FieldError[] = [];
  if (JSON.stringify(next.series) !== JSON.stringify(previous.series)) addSeriesErrors(errors, next);
  const fixed = [
    "involvedObject",
    "reason",
    "message",
    "source",
    "firstTimestamp",
    "lastTimestamp",
    "count",
    "reason",
    "type",
    "eventTime",
    "action",
    "related",
  ] as const;
  for (const field of fixed) addImmutable(errors, field, next[field], previous[field]);
  addImmutable(errors, "reportingController", next.reportingComponent ?? "", previous.reportingComponent ?? "");
  addImmutable(errors, "reportingInstance", next.reportingInstance ?? "", previous.reportingInstance ?? "");
  return errors;
};
