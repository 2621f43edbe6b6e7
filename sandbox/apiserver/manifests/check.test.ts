import { expect, test } from "vitest";
import { checkManifest } from "../../manifest.ts";

const said = (text: string) =>
  checkManifest(text).map(({ range: { start }, severity, message }) => `${start.line + 1}:${start.character + 1} ${severity}: ${message}`);

test("an object that the API server would take is not objected to", () => {
  expect(said("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: question\ndata:\n  answer: tea\n")).toEqual([]);
});

test.each([
  [
    "an unknown field",
    "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: a\n    imagee: b\n    image: c\n",
    ['7:5 error: strict decoding error: unknown field "spec.containers[0].imagee"'],
  ],
  [
    "a value of a wrong type",
    "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: a\n    image: 5\n",
    ["7:5 error: json: cannot unmarshal number into Go struct field Container.spec.containers.image of type string"],
  ],
  [
    "a quantity that is none",
    "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: a\n    image: b\n    resources:\n      limits:\n        cpu: 1x\n",
    ["10:9 error: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
  ],
  [
    "a key that is there twice",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: b\n  a: c\n",
    ['6:3 error: key "a" already set in map'],
  ],
  ["no kind", "apiVersion: v1\nmetadata: {name: a}\n", ["1:1 error: error validating data: [kind not set]"]],
  [
    "a kind that no release has",
    "apiVersion: v2\nkind: Pod\nmetadata: {name: a}\n",
    ['2:1 error: no matches for kind "Pod" in version "v2"'],
  ],
])("what is wrong is said in the API server's words, where it stands: %s", (_what, text, expected) => {
  expect(said(text)).toEqual(expected);
});

test("what fails validation is underlined at the field that the cause names", () => {
  const [finding] = checkManifest(
    "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n  - name: a\n    image: b\n    ports:\n    - containerPort: 99999\n",
  );
  expect(finding).toMatchObject({
    field: "spec.containers[0].ports[0].containerPort",
    reason: "FieldValueInvalid",
    range: { start: { line: 9, character: 6 } },
  });
  expect(finding?.message).toBe("spec.containers[0].ports[0].containerPort: Invalid value: 99999: must be between 1 and 65535, inclusive");
});

test("a custom resource may be right: only a cluster knows", () => {
  expect(said("apiVersion: example.com/v1\nkind: Anything\nmetadata: {name: a}\nspec: {b: 1}\n")).toEqual([]);
});

test("every document and every item of a List is checked in its own place", () => {
  const text =
    "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: b}]}\n---\napiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata:\n    name: B\n";
  expect(said(text)).toMatchObject([expect.stringMatching(/^12:5 error: metadata\.name: Invalid value: "B"/)]);
});

test("a document keeps its findings when lines are put above it", () => {
  const text = "apiVersion: v2\nkind: Pod\n";
  expect(said(text)[0]).toMatch(/^2:1 /);
  expect(said(`# one\n---\n${text}`)[0]).toMatch(/^4:1 /);
});

test("a document that names __proto__ is a document", () => {
  expect(said("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {__proto__: b}\n")).toEqual([]);
  expect(said("__proto__: {kind: Pod}\n")).toEqual(["1:1 error: error validating data: [apiVersion not set, kind not set]"]);
});

test("a Service without an address of its own is no mistake", () => {
  expect(
    said("apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  clusterIP: None\n  selector: {app: a}\n  ports: [{port: 80}]\n"),
  ).toEqual([]);
});
