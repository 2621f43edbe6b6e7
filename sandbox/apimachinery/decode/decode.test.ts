import { expect, test } from "vitest";
import { loadPack } from "../../api/pack/load-pack.ts";
import { StatusError } from "../errors/status.ts";
import { decodeObject, decodeValue, type FieldValidation } from "./decode.ts";

const pack = loadPack("1.32");
const kinds = {
  Pod: { group: "", version: "v1", kind: "Pod" },
  ConfigMap: { group: "", version: "v1", kind: "ConfigMap" },
  Deployment: { group: "apps", version: "v1", kind: "Deployment" },
  Role: { group: "rbac.authorization.k8s.io", version: "v1", kind: "Role" },
  CustomResourceDefinition: { group: "apiextensions.k8s.io", version: "v1", kind: "CustomResourceDefinition" },
};

const decode = (
  kind: keyof typeof kinds,
  body: unknown,
  fieldValidation: FieldValidation = "Warn",
  mediaType: "application/json" | "application/yaml" = "application/json",
) =>
  decodeObject(pack, {
    body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
    mediaType,
    expected: kinds[kind],
    fieldValidation,
  });

const refusal = (attempt: () => unknown): string => {
  try {
    attempt();
  } catch (error) {
    if (error instanceof StatusError) return error.message;
    throw error;
  }
  return "accepted";
};

const pod = (container: unknown) => ({ metadata: { name: "otter" }, spec: { containers: [container] } });

test.each([
  [{ metadata: { name: 5 } }, "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string"],
  [pod("x"), "json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type v1.Container"],
  [
    pod({ ports: [{ containerPort: 1.5 }] }),
    "json: cannot unmarshal number 1.5 into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32",
  ],
  [
    pod({ ports: [{ containerPort: 9e9 }] }),
    "json: cannot unmarshal number 9000000000 into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32",
  ],
  [
    pod({ imagePullPolicy: true }),
    "json: cannot unmarshal bool into Go struct field Container.spec.containers.imagePullPolicy of type v1.PullPolicy",
  ],
  [
    pod({ resources: { limits: [] } }),
    "json: cannot unmarshal array into Go struct field ResourceRequirements.spec.containers.resources.limits of type v1.ResourceList",
  ],
  [
    pod({ resources: { limits: { cpu: "much" } } }),
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  ],
  [
    pod({ livenessProbe: { httpGet: { port: [] } } }),
    "json: cannot unmarshal array into Go struct field HTTPGetAction.spec.containers.livenessProbe.httpGet.port of type int32",
  ],
  [{ metadata: { creationTimestamp: "noon" } }, 'parsing time "noon" as "2006-01-02T15:04:05Z07:00": cannot parse "noon" as "2006"'],
  [{ metadata: { creationTimestamp: "2024-02-30T00:00:00Z" } }, 'parsing time "2024-02-30T00:00:00Z": day out of range'],
  [
    { metadata: { labels: { a: 1 } }, spec: { hostNetwork: "x" } },
    "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string",
  ],
])("a pod of wrong types is refused in Go's words (%#)", (body, why) => {
  expect(refusal(() => decode("Pod", body))).toBe(`Pod in version "v1" cannot be handled as a Pod: ${why}`);
});

test.each([
  ["", "unexpected end of JSON input (<empty>)"],
  ["gibberish", "invalid character 'g' looking for beginning of value (67696262657269736800)".replace("00)", ")")],
  ["{'a':1}", "invalid character '\\'' looking for beginning of object key string ({'a':1})"],
  ['{"a":01}', `invalid character '1' after object key:value pair ({"a":01})`],
  ['{"a":[1,]}', `invalid character ']' looking for beginning of value ({"a":[1,]})`],
  ['{"a":tru}', `invalid character '}' in literal true (expecting 'e') ({"a":tru})`],
  ['{"a":"\\x"}', `invalid character 'x' in string escape code ({"a":"\\x"})`],
  ["[1] 2", "invalid character '2' after top-level value (5b315d2032)"],
])("text that is no JSON is refused in the words of Go's scanner: %s", (body, why) => {
  expect(refusal(() => decode("Pod", body))).toBe(
    `the object provided is unrecognized (must be of type Pod): couldn't get version/kind; json parse error: ${why}`,
  );
});

test("nesting beyond Go's bound is refused and does not exhaust the stack", () => {
  const deep = `{"spec":${"[".repeat(20_000)}${"]".repeat(20_000)}}`;
  expect(refusal(() => decode("Pod", deep))).toContain("exceeded max depth");
});

test.each([
  [
    { kind: "Secret", apiVersion: "v1" },
    'Secret in version "v1" cannot be handled as a Pod: converting (v1.Secret) to (core.Pod): unknown conversion',
  ],
  [
    { kind: "Boat", apiVersion: "v1" },
    'Boat in version "v1" cannot be handled as a Pod: no kind "Boat" is registered for version "v1" in scheme "pkg/api/legacyscheme/scheme.go:30"',
  ],
  [
    { kind: "Pod", apiVersion: "a/b/c" },
    'the object provided is unrecognized (must be of type Pod): unexpected GroupVersion string: a/b/c ({"kind":"Pod","apiVersion":"a/ ...)',
  ],
])("a body of another kind is refused (%#)", (body, why) => {
  expect(refusal(() => decode("Pod", body))).toBe(why);
});

test("a kind in a version that is registered and not served does not match the endpoint's", () => {
  expect(refusal(() => decode("Deployment", { kind: "Deployment", apiVersion: "apps/v1beta1" }))).toBe(
    "the API version in the data (apps/v1beta1) does not match the expected API version (apps/v1)",
  );
});

const misspelt = '{"metadata":{"nam":"a","name":"b","name":"c"},"spec":{"containers":[{"imag":"x"}]},"spec":{"hostNetwork":true}}';
const complaints = [
  'unknown field "metadata.nam"',
  'duplicate field "metadata.name"',
  'unknown field "spec.containers[0].imag"',
  'duplicate field "spec"',
];

test("unknown and repeated fields are warned of in the order of the text", () => {
  expect(decode("Pod", misspelt).warnings).toEqual(complaints);
});

test("unknown and repeated fields are refused when the client is strict, and passed over when it does not care", () => {
  expect(refusal(() => decode("Pod", misspelt, "Strict"))).toBe(
    `Pod in version "v1" cannot be handled as a Pod: strict decoding error: ${complaints.join(", ")}`,
  );
  expect(decode("Pod", misspelt, "Ignore").warnings).toEqual([]);
});

test("objects under a repeated field are joined, and the last of other values counts", () => {
  expect(decode("Pod", misspelt).object).toMatchObject({ metadata: { name: "c" }, spec: { hostNetwork: true, containers: [{}] } });
});

test("repeated fields are joined also when the client does not care for them", () => {
  expect(decode("ConfigMap", '{"data":{"a":"1"},"data":{"b":"2"}}', "Ignore")).toMatchObject({
    warnings: [],
    object: { data: { a: "1", b: "2" } },
  });
});

test("field names tell upper from lower case", () => {
  expect(decode("ConfigMap", { Data: { a: "b" } })).toMatchObject({ warnings: ['unknown field "Data"'] });
});

test("an object comes out as Go prints it: zero values gone, structs there, quantities canonical", () => {
  const { object } = decode("Pod", {
    metadata: { name: "otter", labels: {}, annotations: null },
    spec: {
      hostNetwork: false,
      priority: 0,
      containers: [
        { name: "a", image: "", command: [], ports: [{ containerPort: 80 }], resources: { limits: { cpu: "1000m", memory: 1024 } } },
      ],
    },
  });
  expect(object).toEqual({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "otter", creationTimestamp: null },
    spec: {
      priority: 0,
      containers: [{ name: "a", ports: [{ containerPort: 80, protocol: "TCP" }], resources: { limits: { cpu: "1", memory: "1024" } } }],
    },
    status: {},
  });
});

test("a list without omitempty is null when absent; when empty, it is so only after storage, unless its kind is stored as JSON", () => {
  expect(decode("Role", {}).object).toHaveProperty("rules", null);
  expect(decode("Role", { rules: [] }).object).toHaveProperty("rules", []);
  expect(
    decodeValue(pack.schemaOf("rbac.authorization.k8s.io/v1", "Role")!, { value: { rules: [] } }, true, "stored").object,
  ).toHaveProperty("rules", null);
  expect(decode("CustomResourceDefinition", { status: { storedVersions: [] } }).object).toHaveProperty("status.storedVersions", []);
});

test("a JSON schema may be a boolean or a schema where upstream allows both", () => {
  const { object } = decode("CustomResourceDefinition", {
    spec: {
      versions: [
        {
          name: "v1",
          schema: {
            openAPIV3Schema: {
              additionalProperties: { type: "string", surprise: 1 },
              items: [{ type: "integer" }],
              default: { any: [null] },
            },
          },
        },
      ],
    },
  });
  expect(object).toHaveProperty("spec.versions.0.schema.openAPIV3Schema", {
    additionalProperties: { type: "string" },
    items: [{ type: "integer" }],
    default: { any: [null] },
  });
});

test.each([
  ["yes", true],
  ["n", false],
  ["014", 12],
  ["1_000", 1000],
  ["0x1F", 31],
  ["~", undefined],
])("YAML is read as go-yaml reads it: %s", (text, value) => {
  const attempt = refusal(() => decode("ConfigMap", `metadata: {name: x}\ndata:\n  a: ${text}\n`, "Strict", "application/yaml"));
  if (value === undefined) expect(attempt).toBe("accepted");
  else
    expect(attempt).toContain(
      `cannot unmarshal ${typeof value === "boolean" ? "bool" : "number"} into Go struct field ConfigMap.data of type string`,
    );
});

test.each([
  ["{", "line 1: did not find expected node content"],
  ["a: [1, 2\nb: 3\n", "line 1: did not find expected ',' or ']'"],
  ["a: b: c\n", "mapping values are not allowed in this context"],
  ["x: 1\n  y: 2\n", "line 2: mapping values are not allowed in this context"],
  ["a:\n\t- b\n", "line 2: found character that cannot start any token"],
  ["x:\n    y: 2\n  z: 3\n", "line 2: did not find expected key"],
  ["a: 'x\n", "line 2: found unexpected end of stream"],
  ["- a\nb: 1\n", "line 1: did not find expected '-' indicator"],
  ["a: *y\n", "unknown anchor 'y' referenced"],
  ["a: &x [*x]\n", "anchor 'x' value contains itself"],
  [`a: ${"[".repeat(20_000)}`, "exceeded max depth of 10000"],
])("text that is no YAML is refused in go-yaml's words: %j", (text, why) => {
  expect(refusal(() => decode("ConfigMap", text, "Warn", "application/yaml"))).toContain(`error converting YAML to JSON: yaml: ${why} (`);
});

test("aliases stand for the last node with their anchor, and cannot blow a document up", () => {
  expect(decode("ConfigMap", "data: {a: &x '1', b: *x, c: &x '2', d: *x}", "Strict", "application/yaml").object).toMatchObject({
    data: { a: "1", b: "1", c: "2", d: "2" },
  });
  const bomb = `a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n${Array.from(
    { length: 9 },
    (_, level) =>
      `a${String(level + 1)}: &a${String(level + 1)} [${Array<string>(10)
        .fill(`*a${String(level)}`)
        .join(",")}]\n`,
  ).join("")}`;
  expect(refusal(() => decode("ConfigMap", bomb, "Warn", "application/yaml"))).toContain("document contains excessive aliasing");
});

test("repeated members of YAML maps are told by their line", () => {
  const text = "metadata:\n  name: x\ndata:\n  a: '1'\n  a: '2'\n";
  expect(decode("ConfigMap", text, "Warn", "application/yaml")).toMatchObject({
    warnings: ['line 5: key "a" already set in map'],
    object: { data: { a: "2" } },
  });
  expect(refusal(() => decode("ConfigMap", text, "Strict", "application/yaml"))).toContain(
    'strict decoding error: yaml: unmarshal errors:\n  line 5: key "a" already set in map',
  );
});

test("a member called __proto__ is a member", () => {
  const { object } = decode("ConfigMap", '{"data":{"__proto__":"x"}}');
  expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
  expect(JSON.stringify((object as { data?: unknown }).data)).toBe('{"__proto__":"x"}');
});
