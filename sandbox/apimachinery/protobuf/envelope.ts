import { DecodeError } from "../errors/decode-error.ts";
import type { KubeObject } from "../meta/types.ts";
import type { ObjectSchema } from "../schema/schema.ts";
import { ProtobufReader } from "./reader.ts";
import { structCodec } from "./struct-codec.ts";
import { ProtobufWriter, wireTypes } from "./writer.ts";

/** Four bytes in front of every object: `k8s` and zero. */
const prefix = Buffer.from("k8s\0", "latin1");

/** What travels as application/vnd.kubernetes.protobuf: a runtime.Unknown that says what its bytes are. */
export interface Envelope {
  readonly apiVersion: string;
  readonly kind: string;
  readonly raw: Buffer;
}

/** An object of a built-in kind, or a list of them, as the body of a request or answer. `object` bears its apiVersion and kind. */
export const encodeProtobuf = (schema: ObjectSchema, object: Pick<KubeObject, "apiVersion" | "kind">): Buffer => {
  const writer = new ProtobufWriter();
  writer.text("");
  writer.tag(4, wireTypes.bytes);
  writer.text("");
  writer.tag(3, wireTypes.bytes);
  const beforeRaw = writer.size;
  structCodec(schema).write(object, writer);
  writer.delimited(2, beforeRaw);
  const beforeType = writer.size;
  writer.text(object.kind ?? "");
  writer.tag(2, wireTypes.bytes);
  writer.text(object.apiVersion ?? "");
  writer.tag(1, wireTypes.bytes);
  writer.delimited(1, beforeType);
  writer.raw(prefix);
  return writer.finish();
};

/** Opens an envelope. Throws DecodeError in upstream's words. */
export const readEnvelope = (body: Uint8Array): Envelope => {
  if (body.length === 0) throw new DecodeError("empty data");
  if (!prefix.equals(body.subarray(0, prefix.length)))
    throw new DecodeError("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
  if (body.length === prefix.length) throw new DecodeError("empty body");
  const reader = new ProtobufReader(body, prefix.length);
  let type = { apiVersion: "", kind: "" };
  let raw = Buffer.alloc(0);
  while (reader.next()) {
    if (reader.number === 1) type = readType(reader.message());
    else if (reader.number === 2) raw = Buffer.from(reader.bytes());
    else reader.skip();
  }
  return { ...type, raw };
};

const readType = (reader: ProtobufReader): { apiVersion: string; kind: string } => {
  const type = { apiVersion: "", kind: "" };
  while (reader.next()) {
    if (reader.number === 1) type.apiVersion = reader.text();
    else if (reader.number === 2) type.kind = reader.text();
    else reader.skip();
  }
  return type;
};

/** The members of an object, as they are in the bytes: not yet in the form in which Go prints it. Throws DecodeError. */
export const readStruct = (schema: ObjectSchema, raw: Uint8Array): Record<string, unknown> =>
  structCodec(schema).read(new ProtobufReader(raw)) as Record<string, unknown>;
