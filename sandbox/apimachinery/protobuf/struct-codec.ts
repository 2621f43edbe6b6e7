import type { InlineMessage, ObjectSchema, Schema } from "../schema/schema.ts";
import type { SpecialMessage } from "./special-messages.ts";
import { valueCodec, type ValueCodec } from "./value-codec.ts";
import { wireTypes } from "./writer.ts";

type Members = Record<string, unknown>;

interface FieldCodec {
  readonly name: string;
  readonly number: number;
  readonly shape: "single" | "list" | "map";
  readonly value: ValueCodec;
}

interface MessageCodec {
  /** From the last to the first: messages are written backwards. */
  readonly fields: readonly (FieldCodec | InlineCodec)[];
  readonly byNumber: ReadonlyMap<number, FieldCodec | InlineCodec>;
}

interface InlineCodec {
  readonly number: number;
  readonly message: MessageCodec;
}

const compiled = new WeakMap<object, SpecialMessage>();

/** Writes and reads a Go struct as upstream's generated.pb.go does. Compiled once for a schema. */
export const structCodec = (schema: ObjectSchema): SpecialMessage => {
  const known = compiled.get(schema.fields);
  if (known !== undefined) return known;
  let message: MessageCodec | undefined;
  const codec: SpecialMessage = {
    write: (value, writer) => writeMessage((message ??= messageCodec(schema)), value as Members, writer),
    read(reader) {
      const object: Members = {};
      readMessage((message ??= messageCodec(schema)), object, reader);
      return object;
    },
  };
  compiled.set(schema.fields, codec);
  return codec;
};

const messageCodec = ({ fields, inline = [] }: Pick<ObjectSchema, "fields" | "inline">): MessageCodec => {
  const insideOthers = new Set(inline.flatMap((message) => message.fields));
  const own = [...fields].flatMap(([name, schema]) =>
    insideOthers.has(name) || schema.go?.number === undefined ? [] : [fieldCodec(name, schema.go.number, schema)],
  );
  const embedded = inline.map((message) => ({ number: message.number, message: messageCodec(insideOf(message, fields)) }));
  const all: readonly (FieldCodec | InlineCodec)[] = [...own, ...embedded].toSorted((one, other) => other.number - one.number);
  return { fields: all, byNumber: new Map(all.map((field) => [field.number, field])) };
};

const insideOf = (message: InlineMessage, fields: ReadonlyMap<string, Schema>): Pick<ObjectSchema, "fields" | "inline"> => ({
  fields: new Map(message.fields.map((name) => [name, fields.get(name)!])),
  ...(message.inline && { inline: message.inline }),
});

/** Lists of named types other than structs are messages: `v1.Verbs`, `v1.ExtraValue`. */
const isNamedTextList = (schema: Schema): boolean =>
  schema.kind === "list" && schema.items.kind === "scalar" && schema.go !== undefined && !schema.go.type.startsWith("[]");

const fieldCodec = (name: string, number: number, schema: Schema): FieldCodec => {
  if (schema.kind === "map") return { name, number, shape: "map", value: valueCodec(schema.values) };
  if (schema.kind === "list" && !isNamedTextList(schema)) return { name, number, shape: "list", value: valueCodec(schema.items) };
  return { name, number, shape: "single", value: valueCodec(schema) };
};

const writeMessage = (message: MessageCodec, object: Members, writer: Parameters<SpecialMessage["write"]>[1]): void => {
  for (const field of message.fields) {
    if ("message" in field) {
      const since = writer.size;
      writeMessage(field.message, object, writer);
      if (writer.size > since) writer.delimited(field.number, since);
      continue;
    }
    const value = object[field.name];
    if (value === undefined || value === null) continue;
    if (field.shape === "single") field.value.write(field.number, value, writer);
    else if (field.shape === "list") {
      const items = value as readonly unknown[];
      for (let index = items.length - 1; index >= 0; index--) field.value.write(field.number, items[index], writer);
    } else writeMap(field, value as Members, writer);
  }
};

const writeMap = ({ number, value }: FieldCodec, map: Members, writer: Parameters<SpecialMessage["write"]>[1]): void => {
  for (const key of Object.keys(map).toSorted().toReversed()) {
    const since = writer.size;
    value.write(2, map[key], writer);
    writer.text(key);
    writer.tag(1, wireTypes.bytes);
    writer.delimited(number, since);
  }
};

const readMessage = (message: MessageCodec, object: Members, reader: Parameters<SpecialMessage["read"]>[0]): void => {
  while (reader.next()) {
    const field = message.byNumber.get(reader.number);
    // Upstream passes over what it does not know, too: a client may be newer than the server.
    if (field === undefined) reader.skip();
    else if ("message" in field) {
      reader.expect(wireTypes.bytes, "inline");
      readMessage(field.message, object, reader.message());
    } else readField(field, object, reader);
  }
};

const readField = ({ name, shape, value }: FieldCodec, object: Members, reader: Parameters<SpecialMessage["read"]>[0]): void => {
  if (shape === "list" && value.wireType !== wireTypes.bytes && reader.wireType === wireTypes.bytes) {
    const items = (object[name] as unknown[] | undefined) ?? [];
    object[name] = items;
    for (const packed = reader.message(); packed.hasMore;) items.push(value.read(packed));
    return;
  }
  reader.expect(shape === "map" ? wireTypes.bytes : value.wireType, name.charAt(0).toUpperCase() + name.slice(1));
  if (shape === "single") object[name] = value.read(reader);
  else if (shape === "list") ((object[name] ??= []) as unknown[]).push(value.read(reader));
  else readEntry(value, (object[name] ??= {}) as Members, reader.message());
};

const readEntry = (codec: ValueCodec, map: Members, reader: Parameters<SpecialMessage["read"]>[0]): void => {
  let key = "";
  let value: unknown = null;
  while (reader.next()) {
    if (reader.number === 1) key = reader.text();
    else if (reader.number === 2) value = codec.read(reader);
    else reader.skip();
  }
  Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
};
