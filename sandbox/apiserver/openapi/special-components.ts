import { metaSchema, type Json, type OpenApiVersion } from "./documents.ts";

const extensions = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1";

/** Schemas of types that decode themselves, by name: upstream writes these by hand, too. */
const special: Readonly<Record<string, (version: OpenApiVersion) => Json>> = {
  "io.k8s.apimachinery.pkg.api.resource.Quantity": (version) => ({
    description: 'A fixed-point number with a suffix: "1.5", "250m", "64Mi", "1e3".',
    ...(version === 3 ? { oneOf: [{ type: "string" }, { type: "number" }] } : { type: "string" }),
  }),
  "io.k8s.apimachinery.pkg.util.intstr.IntOrString": (version) => ({
    description: "A whole number, or a text such as a port's name or a percentage.",
    format: "int-or-string",
    ...(version === 3 ? { oneOf: [{ type: "integer" }, { type: "string" }] } : { type: "string" }),
  }),
  [metaSchema("Time")]: () => ({ description: "A time to the second, as RFC 3339 writes it.", type: "string", format: "date-time" }),
  [metaSchema("MicroTime")]: () => ({
    description: "A time to the microsecond, as RFC 3339 writes it.",
    type: "string",
    format: "date-time",
  }),
  [metaSchema("FieldsV1")]: () => ({
    description:
      "A set of fields as a tree of JSON objects: `f:name` is a field, `k:{…}` an item of a list by its keys, `v:…` one by its value, `.` the thing itself.",
    type: "object",
  }),
  [metaSchema("Patch")]: () => ({ description: "The body of a PATCH request.", type: "object" }),
  "io.k8s.apimachinery.pkg.runtime.RawExtension": () => ({ description: "Any JSON object, kept as it is.", type: "object" }),
  [`${extensions}.JSON`]: () => ({ description: "Any JSON value." }),
  [`${extensions}.JSONSchemaPropsOrArray`]: () => ({ description: "A schema, or a list of schemas." }),
  [`${extensions}.JSONSchemaPropsOrBool`]: () => ({ description: "A schema, or a boolean." }),
  [`${extensions}.JSONSchemaPropsOrStringArray`]: () => ({ description: "A schema, or a list of names." }),
};

export const specialComponent = (schemaName: string, version: OpenApiVersion): Json | undefined =>
  Object.hasOwn(special, schemaName) ? special[schemaName]!(version) : undefined;
