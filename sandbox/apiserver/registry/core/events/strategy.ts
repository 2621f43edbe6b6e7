import type { Event } from "../../../../api/types.ts";
import { nameIsPathSegment } from "../../../../apimachinery/validation/names.ts";
import { metadataErrors, metadataUpdateErrors } from "../../generic/metadata.ts";
import { defineStrategy } from "../../strategy.ts";
import { legacyEventErrors, strictEventErrors, strictEventUpdateErrors } from "./validation.ts";

/** Events of both groups: the core group's are lenient, those of events.k8s.io strict. */
export const eventStrategy = defineStrategy<Event>({
  group: "",
  resource: "events",
  validateName: nameIsPathSegment,
  validate: (event, { group = "" }) => [
    ...legacyEventErrors(event, group),
    ...(group === "events.k8s.io" ? [...metadataErrors(event, true), ...strictEventErrors(event)] : []),
  ],
  validateUpdate: (next, previous, { group = "" }) => [
    ...legacyEventErrors(next, group),
    ...(group === "events.k8s.io" ? [...metadataUpdateErrors(next, previous), ...strictEventUpdateErrors(next, previous)] : []),
  ],
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: true,
  selectableFields: {
    "involvedObject.kind": ({ involvedObject }) => involvedObject?.kind ?? "",
    "involvedObject.namespace": ({ involvedObject }) => involvedObject?.namespace ?? "",
    "involvedObject.name": ({ involvedObject }) => involvedObject?.name ?? "",
    "involvedObject.uid": ({ involvedObject }) => involvedObject?.uid ?? "",
    "involvedObject.apiVersion": ({ involvedObject }) => involvedObject?.apiVersion ?? "",
    "involvedObject.resourceVersion": ({ involvedObject }) => involvedObject?.resourceVersion ?? "",
    "involvedObject.fieldPath": ({ involvedObject }) => involvedObject?.fieldPath ?? "",
    "reason": ({ reason }) => reason ?? "",
    "reportingComponent": ({ reportingComponent }) => reportingComponent ?? "",
    "source": ({ source, reportingComponent }) => source?.component || (reportingComponent ?? ""),
    "type": ({ type }) => type ?? "",
  },
});
