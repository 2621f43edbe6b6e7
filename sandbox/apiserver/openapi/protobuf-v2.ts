import { ProtobufWriter, wireTypes } from "../../apimachinery/protobuf/writer.ts";
import type { Json } from "./documents.ts";

/** A message as its fields' numbers and values, in order; what is undefined is left out. */
type Message = readonly (readonly [number, Value])[];
type Value = string | boolean | number | Double | Message | undefined;

class Double {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** An OpenAPI 2 document in the protobuf form which client-go asks for (gnostic's openapi.v2.Document). */
export const documentV2Protobuf = (document: Json): Buffer => {
  const writer = new ProtobufWriter();
  const { info, paths, definitions, securityDefinitions } = document as Readonly<Record<string, Json>>;
  write(
    [
      [1, textOf(document, "swagger")],
      [
        2,
        [
          [1, textOf(info!, "title")],
          [2, textOf(info!, "version")],
        ],
      ],
      [8, namedItems(2, paths!, pathItem)],
      [9, namedItems(1, definitions!, schemaMessage)],
      ...items(12, document["security"], (requirement: Json) => namedItems(1, requirement, () => [])),
      [13, namedItems(1, securityDefinitions!, (definition) => [[2, apiKey(definition)]])],
    ],
    writer,
  );
  return writer.finish();
};

const write = (message: Message, writer: ProtobufWriter): void => {
  for (let index = message.length - 1; index >= 0; index--) {
    const [number, value] = message[index]!;
    if (value === undefined) continue;
    if (typeof value === "string") {
      writer.text(value);
      writer.tag(number, wireTypes.bytes);
    } else if (typeof value === "boolean" || typeof value === "number") {
      writer.varint(Number(value));
      writer.tag(number, wireTypes.varint);
    } else if (value instanceof Double) {
      writer.double(value.value);
      writer.tag(number, wireTypes.fixed64);
    } else {
      const since = writer.size;
      write(value, writer);
      writer.delimited(number, since);
    }
  }
};

const textOf = (json: Json, name: string): string | undefined => (typeof json[name] === "string" ? json[name] : undefined);
const flagOf = (json: Json, name: string): boolean | undefined => (json[name] === true ? true : undefined);
const countOf = (json: Json, name: string): number | undefined => (typeof json[name] === "number" ? json[name] : undefined);
const doubleOf = (json: Json, name: string): Double | undefined => (typeof json[name] === "number" ? new Double(json[name]) : undefined);

const items = <T>(number: number, list: unknown, make: (item: T) => Value): Message =>
  Array.isArray(list) ? (list as T[]).map((item) => [number, make(item)] as const) : [];
const texts = (number: number, list: unknown): Message => items(number, list, (text: string) => text);

/** A map is a list of pairs in gnostic's messages. */
const namedItems = (number: number, map: Json, make: (value: Json) => Message): Message =>
  Object.entries(map).map(
    ([name, value]) =>
      [
        number,
        [
          [1, name],
          [2, make(value as Json)],
        ],
      ] as const,
  );

/** Any value: gnostic keeps it as YAML, which JSON is. */
const any = (value: unknown): Message | undefined => (value === undefined ? undefined : [[2, `${JSON.stringify(value)}\n`]]);

const extensions = (number: number, json: Json): Message =>
  Object.entries(json)
    .filter(([name]) => name.startsWith("x-"))
    .map(
      ([name, value]) =>
        [
          number,
          [
            [1, name],
            [2, any(value)],
          ],
        ] as const,
    );

const apiKey = (json: Json): Message => [
  [1, textOf(json, "type")],
  [2, textOf(json, "name")],
  [3, textOf(json, "in")],
  [4, textOf(json, "description")],
];

const operations: readonly (readonly [number, string])[] = [
  [2, "get"],
  [3, "put"],
  [4, "post"],
  [5, "delete"],
  [6, "options"],
  [7, "head"],
  [8, "patch"],
];

const pathItem = (path: Json): Message => [
  ...operations.flatMap(([number, method]) => (path[method] === undefined ? [] : [[number, operation(path[method] as Json)] as const])),
  ...items(9, path["parameters"], parameter),
];

const operation = (json: Json): Message => [
  ...texts(1, json["tags"]),
  [3, textOf(json, "description")],
  [5, textOf(json, "operationId")],
  ...texts(6, json["produces"]),
  ...texts(7, json["consumes"]),
  ...items(8, json["parameters"], parameter),
  [
    9,
    namedItems(1, json["responses"] as Json, (response) => [
      [
        1,
        [
          [1, textOf(response, "description")],
          [2, response["schema"] === undefined ? undefined : [[1, schemaMessage(response["schema"] as Json)]]],
        ],
      ],
    ]),
  ],
  ...texts(10, json["schemes"]),
  ...extensions(13, json),
];

const parameter = (json: Json): Message => [
  [
    1,
    json["in"] === "body"
      ? [[1, bodyParameter(json)]]
      : [[2, json["in"] === "path" ? [[4, pathParameter(json)]] : [[3, queryParameter(json)]]]],
  ],
];

const bodyParameter = (json: Json): Message => [
  [1, textOf(json, "description")],
  [2, textOf(json, "name")],
  [3, textOf(json, "in")],
  [4, flagOf(json, "required")],
  [5, schemaMessage(json["schema"] as Json)],
];

const namedParameter = (json: Json): Message => [
  [1, flagOf(json, "required")],
  [2, textOf(json, "in")],
  [3, textOf(json, "description")],
  [4, textOf(json, "name")],
];

const queryParameter = (json: Json): Message => [...namedParameter(json), [6, textOf(json, "type")], [20, flagOf(json, "uniqueItems")]];
const pathParameter = (json: Json): Message => [...namedParameter(json), [5, textOf(json, "type")], [19, flagOf(json, "uniqueItems")]];

const schemaMessage = (json: Json): Message => [
  [1, textOf(json, "$ref")],
  [2, textOf(json, "format")],
  [3, textOf(json, "title")],
  [4, textOf(json, "description")],
  [5, any(json["default"])],
  [6, doubleOf(json, "multipleOf")],
  [7, doubleOf(json, "maximum")],
  [8, flagOf(json, "exclusiveMaximum")],
  [9, doubleOf(json, "minimum")],
  [10, flagOf(json, "exclusiveMinimum")],
  [11, countOf(json, "maxLength")],
  [12, countOf(json, "minLength")],
  [13, textOf(json, "pattern")],
  [14, countOf(json, "maxItems")],
  [15, countOf(json, "minItems")],
  [16, flagOf(json, "uniqueItems")],
  [17, countOf(json, "maxProperties")],
  [18, countOf(json, "minProperties")],
  ...texts(19, json["required"]),
  ...items(20, json["enum"], any),
  [21, additionalProperties(json["additionalProperties"])],
  [22, typeof json["type"] === "string" ? [[1, json["type"]]] : undefined],
  [23, json["items"] === undefined ? undefined : items(1, [json["items"]].flat(), schemaMessage)],
  ...items(24, json["allOf"], schemaMessage),
  [25, json["properties"] === undefined ? undefined : namedItems(1, json["properties"] as Json, schemaMessage)],
  [30, any(json["example"])],
  ...extensions(31, json),
];

const additionalProperties = (value: unknown): Message | undefined => {
  if (value === undefined) return undefined;
  return typeof value === "boolean" ? [[2, value]] : [[1, schemaMessage(value as Json)]];
};
