import type { AnySchema, ScalarSchema, Schema } from "../schema/schema.ts";
import { structCodec } from "./struct-codec.ts";
import type { ProtobufReader } from "./reader.ts";
import {
  intOrStringMessage,
  microsecondsMessage,
  quantityMessage,
  rawJsonMessage,
  secondsMessage,
  textListMessage,
  type SpecialMessage,
} from "./special-messages.ts";
import { wireTypes, type ProtobufWriter } from "./writer.ts";

/** How one value of a field is written, with the field's tag, and read, after the tag. */
export interface ValueCodec {
  readonly wireType: number;
  write(number: number, value: unknown, writer: ProtobufWriter): void;
  read(reader: ProtobufReader): unknown;
}

const fromMessage = (message: SpecialMessage): ValueCodec => ({
  wireType: wireTypes.bytes,
  write(number, value, writer) {
    const since = writer.size;
    message.write(value, writer);
    writer.delimited(number, since);
  },
  read: (reader) => message.read(reader.message()),
});

const text: ValueCodec = {
  wireType: wireTypes.bytes,
  write(number, value, writer) {
    writer.text(String(value));
    writer.tag(number, wireTypes.bytes);
  },
  read: (reader) => reader.text(),
};

const bytes: ValueCodec = {
  wireType: wireTypes.bytes,
  write(number, value, writer) {
    const since = writer.size;
    writer.raw(Buffer.from(String(value), "base64"));
    writer.delimited(number, since);
  },
  read: (reader) => reader.bytes().toString("base64"),
};

const boolean: ValueCodec = {
  wireType: wireTypes.varint,
  write(number, value, writer) {
    writer.varint(value === true ? 1 : 0);
    writer.tag(number, wireTypes.varint);
  },
  read: (reader) => reader.varint() !== 0,
};

const integer: ValueCodec = {
  wireType: wireTypes.varint,
  write(number, value, writer) {
    writer.varint(Number(value));
    writer.tag(number, wireTypes.varint);
  },
  read: (reader) => reader.varint(),
};

const int32: ValueCodec = { ...integer, read: (reader) => reader.varint() | 0 };

const double: ValueCodec = {
  wireType: wireTypes.fixed64,
  write(number, value, writer) {
    writer.double(Number(value));
    writer.tag(number, wireTypes.fixed64);
  },
  read: (reader) => reader.double(),
};

const scalars: Readonly<Record<ScalarSchema["type"], ValueCodec>> = {
  "string": text,
  "duration": text,
  bytes,
  boolean,
  integer,
  "number": double,
  "quantity": fromMessage(quantityMessage),
  "int-or-string": fromMessage(intOrStringMessage),
  "time": fromMessage(secondsMessage),
  "micro-time": fromMessage(microsecondsMessage),
};

const rawJson = fromMessage(rawJsonMessage);
const textList = fromMessage(textListMessage);

/** The codec of one value: for repeated fields that of an item. Named lists of text (`v1.Verbs`) are one value. */
export const valueCodec = (schema: Schema): ValueCodec => {
  switch (schema.kind) {
    case "scalar":
      return schema.type === "integer" && schema.format === "int32" ? int32 : scalars[schema.type];
    case "object": {
      let struct: SpecialMessage | undefined;
      return fromMessage({
        write: (value, writer) => (struct ??= structCodec(schema)).write(value, writer),
        read: (reader) => (struct ??= structCodec(schema)).read(reader),
      });
    }
    case "any":
      return schema.oneOf === undefined ? rawJson : fromMessage(unionMessage(schema));
    case "list":
      return textList;
    case "map":
      throw new Error("a map inside a list or map has no protobuf form");
  }
};

/** JSONSchemaPropsOrBool { allows = 1, schema = 2 }; JSONSchemaPropsOrArray and …OrStringArray { schema = 1, list = 2 }. */
const unionMessage = ({ oneOf = [] }: AnySchema): SpecialMessage => {
  const [object, other] = oneOf as [Schema, Schema];
  const isBoolean = other.kind === "scalar";
  const [objectNumber, otherNumber] = isBoolean ? [2, 1] : [1, 2];
  const [objectCodec, otherCodec] = [valueCodec(object), valueCodec(other.kind === "list" ? other.items : other)];
  return {
    write(value, writer) {
      if (Array.isArray(value)) for (const item of value.toReversed()) otherCodec.write(otherNumber, item, writer);
      else if (typeof value === "object") {
        objectCodec.write(objectNumber, value, writer);
        if (isBoolean) otherCodec.write(otherNumber, true, writer);
      } else otherCodec.write(otherNumber, value, writer);
    },
    read(reader) {
      let found: unknown;
      const items: unknown[] = [];
      while (reader.next()) {
        if (reader.number === objectNumber) found = objectCodec.read(reader);
        else if (reader.number === otherNumber) items.push(otherCodec.read(reader));
        else reader.skip();
      }
      return found ?? (isBoolean ? items[0] : items);
    },
  };
};
