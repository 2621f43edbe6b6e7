import { expect, test } from "vitest";
import { loadPack, packVersions } from "../../api/pack/load-pack.ts";
import { decodeObject } from "../decode/decode.ts";
import { decodeValue } from "../decode/decode-value.ts";
import { SeededRandom } from "../../base/random/random.ts";
import { exampleObject } from "../schema/example-object.ts";
import { encodeProtobuf, readEnvelope, readStruct } from "./envelope.ts";
import { watchFrame } from "./watch-frame.ts";

const pack = loadPack("1.32");

const roundTrip = (apiVersion: string, kind: string, object: Readonly<Record<string, unknown>>): unknown => {
  const schema = pack.schemaOf(apiVersion, kind)!;
  const { raw } = readEnvelope(encodeProtobuf(schema, { apiVersion, kind, ...object }));
  return readStruct(schema, raw);
};

test("a config map is the bytes that upstream writes", () => {
  const bytes = encodeProtobuf(pack.schemaOf("v1", "ConfigMap")!, { apiVersion: "v1", kind: "ConfigMap", ...{ data: { a: "b" } } });
  const unknown = "0a0f0a02763112 09436f6e6669674d6170 120812 060a0161120162 1a00 2200".replaceAll(" ", "");
  expect(bytes.toString("hex")).toBe(`6b387300${unknown}`);
});

test.each([
  [
    "v1",
    "Pod",
    {
      spec: {
        terminationGracePeriodSeconds: -1,
        containers: [{ name: "a", livenessProbe: { httpGet: { port: "http" }, periodSeconds: 3 } }],
      },
    },
  ],
  [
    "v1",
    "Pod",
    {
      spec: { volumes: [{ name: "v", configMap: { name: "c", defaultMode: 420 } }], securityContext: { supplementalGroups: [1, 2 ** 40] } },
    },
  ],
  ["v1", "Secret", { data: { key: "AAECgA==" }, type: "Opaque" }],
  ["coordination.k8s.io/v1", "Lease", { spec: { renewTime: "2024-05-06T07:08:09.000123Z" } }],
  ["apps/v1", "ControllerRevision", { data: { spec: [1, null, "x"] }, revision: 7 }],
  ["authorization.k8s.io/v1", "SubjectAccessReview", { spec: { user: "ann", extra: { scopes: ["a", "b"] } } }],
  [
    "admissionregistration.k8s.io/v1",
    "ValidatingAdmissionPolicy",
    { spec: { matchConstraints: { resourceRules: [{ resourceNames: ["x"], operations: ["CREATE"], apiGroups: ["apps"] }] } } },
  ],
  ["flowcontrol.apiserver.k8s.io/v1", "PriorityLevelConfiguration", { spec: { type: "Exempt" } }],
])("%s %s comes back as it went", (apiVersion, kind, object) => {
  expect(roundTrip(apiVersion, kind, object)).toEqual(object);
});

test.each(packVersions)("every kind of %s comes back from protobuf as it went", (version) => {
  const random = new SeededRandom(11);
  const release = loadPack(version);
  for (const { group, version: apiVersion, kind, schemaName } of release.kinds) {
    if (kind === "WatchEvent" || kind === "Info") continue;
    const schema = release.schemaNamed(schemaName)!;
    const object = decodeValue(
      schema,
      { value: { ...exampleObject(schema, random), apiVersion: group === "" ? apiVersion : `${group}/${apiVersion}`, kind } },
      true,
    ).object;
    const { raw } = readEnvelope(encodeProtobuf(schema, object));
    const back = decodeValue(schema, { value: { ...readStruct(schema, raw), apiVersion: object["apiVersion"], kind } }, true);
    expect(back.strict).toEqual([]);
    expect(back.object).toEqual(withoutInnerKinds(object));
  }
});

/** Kinds of embedded objects are not in the bytes. */
const withoutInnerKinds = (value: unknown, top = true): unknown => {
  if (Array.isArray(value)) return value.map((item) => withoutInnerKinds(item, false));
  if (typeof value !== "object" || value === null) return value;
  const isEmbedded = !top && ("metadata" in value || "preferredVersion" in value);
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) =>
      isEmbedded && (name === "kind" || name === "apiVersion") ? [] : [[name, withoutInnerKinds(item, false)]],
    ),
  );
};

test("a body without the prefix is refused in upstream's words", () => {
  const decode = () =>
    decodeObject(pack, {
      body: Buffer.from("{}"),
      mediaType: "application/vnd.kubernetes.protobuf",
      expected: { group: "", version: "v1", kind: "Pod" },
      fieldValidation: "Strict",
    });
  expect(decode).toThrow(
    "the object provided is unrecognized (must be of type Pod): provided data does not appear to be a protobuf message, expected prefix [107 56 115 0] ({})",
  );
});

test("bytes that are cut off are refused", () => {
  const schema = pack.schemaOf("v1", "Pod")!;
  const { raw } = readEnvelope(encodeProtobuf(schema, { apiVersion: "v1", kind: "Pod", ...{ spec: { nodeName: "ann" } } }));
  expect(() => readStruct(schema, raw.subarray(0, -2))).toThrow("unexpected EOF");
});

test("a field that a newer client knows is passed over", () => {
  const schema = pack.schemaOf("v1", "ConfigMap")!;
  expect(readStruct(schema, Buffer.from("1a00f83f01", "hex"))).toEqual({ binaryData: { "": null } });
});

test("a watch event is a frame of its length, its type and its object", () => {
  expect(watchFrame("ADDED", Buffer.from("abc")).toString("hex")).toBe("0000000e" + "0a054144444544" + "1205" + "0a03616263");
});
