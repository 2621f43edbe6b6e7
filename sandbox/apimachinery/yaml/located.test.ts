import { expect, test } from "vitest";
import { fieldSteps } from "./field-path.ts";
import { readLocated } from "./located.ts";
import { readQuickly } from "./quick.ts";

const text = `apiVersion: v1
kind: Pod
metadata:
  name: web
  labels: {app.kubernetes.io/name: web, tier: front}
spec:
  containers:
  - name: app
    image: nginx
    ports:
    - containerPort: 80
  - name: sidecar
---
kind: ConfigMap
data:
  answer: no
  mode: 0644
  at: 12:30
  day: 2026-11-21
`;

const [pod, configMap] = readLocated(text);
const lines = text.split("\n");
const marked = (field: string, part?: "key" | "value", document = pod!) => {
  const { start, end } = document.locate(field, part);
  expect(end.line).toBe(start.line);
  return `${start.line}: ${lines[start.line]!.slice(start.character, end.character)}`;
};

test.each([
  ["spec.containers[0].image", "8: image: nginx"],
  ["spec.containers[1].name", "11: name: sidecar"],
  ["spec.containers[0].ports[0].containerPort", "10: containerPort: 80"],
  ["metadata.labels[app.kubernetes.io/name]", "4: app.kubernetes.io/name: web"],
  ["spec.containers", "6: containers:"],
  ["spec.containers[1]", "11: name: sidecar"],
  ["spec.containers[1].image", "11: name: sidecar"],
  ["spec.volumes[3].name", "5: spec:"],
  ["", "0: apiVersion: v1"],
])("a field is found where it stands, or where it would stand: %s", (field, expected) => {
  expect(marked(field)).toBe(expected);
});

test("the key and the value can be had apart", () => {
  expect(marked("spec.containers[0].image", "key")).toBe("8: image");
  expect(marked("spec.containers[0].image", "value")).toBe("8: nginx");
  expect(marked("data.mode", "value", configMap)).toBe("16: 0644");
});

test("plain words mean what kubectl takes them for", () => {
  expect(configMap!.value).toEqual({ kind: "ConfigMap", data: { answer: false, mode: 0o644, at: "12:30", day: "2026-11-21" } });
});

test("broken syntax is a problem of its document, with its place", () => {
  const [broken, whole] = readLocated("a: [1, 2\nb: 3\n---\nc: 4\n");
  expect(broken!.value).toBeUndefined();
  expect(broken!.problems[0]!.range.start.line).toBe(1);
  expect(whole!.value).toEqual({ c: 4 });
});

test("the same key twice is a problem", () => {
  expect(readLocated("a: 1\na: 2\n")[0]!.problems[0]).toMatchObject({
    message: 'key "a" already set in map',
    range: { start: { line: 1, character: 0 } },
  });
});

test("a bomb of aliases does not go off", () => {
  const bomb = [
    "a: &a [x,x,x,x,x,x,x,x,x,x]",
    ...Array.from("bcdefghi", (name, index) => `${name}: &${name} [${Array(10).fill(`*${"abcdefgh"[index]!}`).join(",")}]`),
  ].join("\n");
  expect(readLocated(bomb)[0]!.problems[0]!.message).toMatch(/alias/i);
});

test("text that is no mapping is a value as well", () => {
  expect(readLocated("hello")[0]!.value).toBe("hello");
  expect(readLocated("")).toEqual([]);
  expect(readLocated("---\n---\na: 1\n").map(({ value }) => value)).toEqual([null, { a: 1 }]);
});

test("paths are read as errors write them", () => {
  expect(fieldSteps("spec.template.spec.containers[0].env[A.b]")).toEqual(["spec", "template", "spec", "containers", "0", "env", "A.b"]);
  expect(fieldSteps('metadata.annotations["a/b"]')).toEqual(["metadata", "annotations", "a/b"]);
  expect(fieldSteps("a[b")).toEqual(["a", "b"]);
});

test.each([
  text,
  "a: [1, 0x1F, 014, 1_000, .5, 1e3, ~, yes, off, 'no', \"1\", 1:30]\n",
  "on: 1\n5: 2\n~: 3\n",
  "a: |\n  b\nc: >-\n  d\n  e\n",
  "{}",
  "__proto__: {a: b}\n",
])("the quick reader reads the same: %j", (each) => {
  expect(readQuickly(each)).toEqual(readLocated(each).map(({ value }) => value));
});

test.each(["a: 1\na: 2\n", "a: &b 1\nc: *b\n", "a: {<<: {b: 1}}\n", "a: [1\n", "a: .nan\n", "a: !!binary aGk=\n", "a: !x 1\n"])(
  "the quick reader leaves to the other what is unusual: %j",
  (each) => {
    expect(readQuickly(each)).toBeUndefined();
  },
);
