import type { ProtobufReader } from "./reader.ts";
import { wireTypes, type ProtobufWriter } from "./writer.ts";

/** A type whose protobuf message is not the struct that its JSON shows. */
export interface SpecialMessage {
  /** Writes the message's fields, without length and tag. */
  write(value: unknown, writer: ProtobufWriter): void;
  read(reader: ProtobufReader): unknown;
}

const textField = (writer: ProtobufWriter, number: number, text: string): void => {
  writer.text(text);
  writer.tag(number, wireTypes.bytes);
};

const numberField = (writer: ProtobufWriter, number: number, value: number): void => {
  writer.varint(value);
  writer.tag(number, wireTypes.varint);
};

/** resource.Quantity: its text. */
export const quantityMessage: SpecialMessage = {
  write: (value, writer) => textField(writer, 1, String(value)),
  read(reader) {
    let text = "0";
    while (reader.next()) {
      if (reader.number === 1) text = reader.text();
      else reader.skip();
    }
    return text === "" ? "0" : text;
  },
};

/** intstr.IntOrString. */
export const intOrStringMessage: SpecialMessage = {
  write(value, writer) {
    const isText = typeof value === "string";
    textField(writer, 3, isText ? value : "");
    numberField(writer, 2, isText ? 0 : Number(value));
    numberField(writer, 1, isText ? 1 : 0);
  },
  read(reader) {
    let isText = false;
    let number = 0;
    let text = "";
    while (reader.next()) {
      if (reader.number === 1) isText = reader.varint() === 1;
      else if (reader.number === 2) number = reader.varint();
      else if (reader.number === 3) text = reader.text();
      else reader.skip();
    }
    return isText ? text : number;
  },
};

/** metav1.Time and MicroTime: seconds and nanoseconds since 1970; none is the zero time. */
const timeMessage = (digits: 0 | 6): SpecialMessage => ({
  write(value, writer) {
    if (typeof value !== "string" || value === "") return;
    const nanos = Number((/\.(\d+)/.exec(value)?.[1] ?? "0").padEnd(9, "0").slice(0, 9));
    if (digits > 0 && nanos > 0) numberField(writer, 2, nanos);
    numberField(writer, 1, Math.floor(Date.parse(value) / 1000));
  },
  read(reader) {
    let seconds: number | undefined;
    let nanos = 0;
    while (reader.next()) {
      if (reader.number === 1) seconds = reader.varint();
      else if (reader.number === 2) nanos = reader.varint();
      else reader.skip();
    }
    if (seconds === undefined || Math.abs(seconds) > latestSecond) return null;
    const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
    return digits === 0 ? `${whole}Z` : `${whole}.${String(Math.floor(nanos / 1000)).padStart(6, "0")}Z`;
  },
});

/** The end of the year 9999. */
const latestSecond = 253_402_300_799;

export const secondsMessage = timeMessage(0);
export const microsecondsMessage = timeMessage(6);

/** runtime.RawExtension, metav1.FieldsV1 and apiextensions' JSON: JSON text as bytes. */
export const rawJsonMessage: SpecialMessage = {
  write(value, writer) {
    writer.text(JSON.stringify(value));
    writer.tag(1, wireTypes.bytes);
  },
  read(reader) {
    let value: unknown = null;
    while (reader.next()) {
      if (reader.number === 1) value = parsed(reader.bytes());
      else reader.skip();
    }
    return value;
  },
};

/** An embedded object may itself be protobuf, which is read where its kind is known; here it must be JSON. */
const parsed = (bytes: Buffer): unknown => {
  if (bytes.length === 0) return null;
  try {
    return JSON.parse(bytes.toString("utf8")) as unknown;
  } catch {
    return bytes.toString("base64");
  }
};

/** ExtraValue and Verbs: named lists of text are messages of their own. */
export const textListMessage: SpecialMessage = {
  write(value, writer) {
    for (const text of (value as readonly string[]).toReversed()) textField(writer, 1, text);
  },
  read(reader) {
    const texts: string[] = [];
    while (reader.next()) {
      if (reader.number === 1) texts.push(reader.text());
      else reader.skip();
    }
    return texts;
  },
};
