import { stringify } from "yaml";
import { gzipSync } from "node:zlib";
import type { VersionPack } from "../../sandbox/api/pack/version-pack.ts";
import { decodeValue } from "../../sandbox/apimachinery/decode/decode.ts";
import { encodeProtobuf } from "../../sandbox/apimachinery/protobuf/envelope.ts";
import type { Random } from "../../sandbox/base/random/random.ts";
import { nastyText, oneOf } from "./values.ts";

export interface Body {
  readonly type: string;
  readonly bytes: Uint8Array;
  readonly encoding?: string;
}

const aliases = (levels: number): string => {
  const lines = ['a0: &a0 ["x","x","x","x","x","x","x","x","x"]'];
  for (let level = 1; level <= levels; level++)
    lines.push(`a${String(level)}: &a${String(level)} [${Array.from({ length: 9 }, () => `*a${String(level - 1)}`).join(",")}]`);
  return lines.join("\n");
};

let bomb: Buffer | undefined;

/** Bodies that are about the reader, not about what is read. */
const odd = (random: Random): Body => {
  const json = (text: string | Uint8Array): Body => ({ type: "application/json", bytes: Buffer.from(text) });
  const yaml = (text: string): Body => ({ type: "application/yaml", bytes: Buffer.from(text) });
  const cases: readonly (() => Body)[] = [
    () => json(""),
    () => json("{"),
    () => json("[".repeat(100_000)),
    () => json(`${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`),
    () =>
      json(
        `{"apiVersion":"fuzz.test/v1","kind":"Widget","metadata":{"name":"deep"},"spec":{"rest":${'{"a":'.repeat(9000)}1${"}".repeat(9000)}}}`,
      ),
    () => json('{"apiVersion":"v1","kind":"ConfigMap","kind":"Secret","metadata":{"name":"a","name":"b"},"data":{"a":"1","a":2}}'),
    () => json(`{"metadata":{"name":"a","labels":{${Array.from({ length: 20_000 }, (_, at) => `"k${String(at)}":"v"`).join(",")}}}}`),
    () => json('{"__proto__":{"polluted":1},"metadata":{"name":"a","__proto__":{"polluted":1}}}'),
    () => json(`{"metadata":{"name":${"9".repeat(10_000)}}}`),
    () => json(Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x7d])),
    () => json("\ufeff{}"),
    () => json('{"a":"\\ud800"}'),
    () => json("null"),
    () => json("[]"),
    () => json(nastyText(random)),
    () => yaml(aliases(9)),
    () => yaml("a: &a [*a]"),
    () => yaml("a: &a {<<: *a}"),
    () => yaml("--- \n---\n...\n"),
    () => yaml(`${"- ".repeat(20_000)}a`),
    () => yaml("[".repeat(20_000)),
    () => yaml("? {a: b}\n: c"),
    () => yaml("a: !!binary '*'\nb: !!js/function 'x'\nc: !<tag:yaml.org,2002:python/object> {}"),
    () => yaml("a: .inf\nb: .nan\nc: 0o17\nd: 190:20:30\ne: 2001-12-14t21:59:43.10-05:00\n<<: 3"),
    () => yaml(`a: ${"x".repeat(100_000)}`),
    () => yaml(nastyText(random)),
    () => ({ ...json((bomb ??= gzipSync(Buffer.alloc(64 * 1024 * 1024)))), encoding: "gzip" }),
    () => ({
      type: oneOf(["", "text/plain", "application/json; charset=utf-16", "multipart/form-data", ";;;", "a/b/c"], random),
      bytes: Buffer.from("{}"),
    }),
    () => ({ type: "application/vnd.kubernetes.protobuf", bytes: Buffer.concat([Buffer.from("k8s\0"), noise(random)]) }),
    () => ({ type: "application/vnd.kubernetes.protobuf", bytes: Buffer.from("k8s\0\n\xff\xff\xff\xff\xff\xff\xff\xff\x7f", "latin1") }),
    () => ({ type: "application/cbor", bytes: noise(random) }),
  ];
  return oneOf(cases, random)();
};

const noise = (random: Random): Buffer => Buffer.from(Array.from({ length: random.integer(200) }, () => random.integer(256)));

/** An object's bytes, as one of the three encodings, sometimes damaged on the way. */
export const bodyOf = (object: unknown, pack: VersionPack, random: Random): Body => {
  const kind = random.integer(20);
  if (kind === 0) return odd(random);
  if (kind === 1) return { type: "application/yaml", bytes: damaged(Buffer.from(asYaml(object)), random, 0.2) };
  if (kind === 2) {
    const bytes = asProtobuf(object as Record<string, unknown>, pack);
    if (bytes) return { type: "application/vnd.kubernetes.protobuf", bytes: damaged(bytes, random, 0.7) };
  }
  return { type: "application/json", bytes: damaged(Buffer.from(JSON.stringify(object) ?? "null"), random, 0.03) };
};

const asYaml = (object: unknown): string => {
  try {
    return stringify(object, { aliasDuplicateObjects: false });
  } catch {
    return "a: [";
  }
};

const asProtobuf = (object: Record<string, unknown>, pack: VersionPack): Buffer | undefined => {
  try {
    const schema = pack.schemaOf(String(object["apiVersion"]), String(object["kind"]));
    return schema && encodeProtobuf(schema, decodeValue(schema, { value: object }, false).object);
  } catch {
    return undefined;
  }
};

const damaged = (bytes: Buffer, random: Random, chance: number): Buffer => {
  if (bytes.length === 0 || random.next() >= chance) return bytes;
  const at = random.integer(bytes.length);
  switch (random.integer(4)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(random.integer(bytes.length))]);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), noise(random), bytes.subarray(at)]);
    default: {
      const copy = Buffer.from(bytes);
      copy[at] = random.integer(256);
      return copy;
    }
  }
};
