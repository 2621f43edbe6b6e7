import { deepestJson, JsonSyntaxError, readJson, type MemberPlaces } from "./json-reader.ts";
import { scanJson } from "./json-scan.ts";
import { readYaml, YamlError } from "./yaml.ts";

export type TextMediaType = "application/json" | "application/yaml";

/** A body of which not even the kind can be told. */
export class UnreadableBody extends Error {}

export interface ParsedBody {
  readonly value: unknown;
  /** Repeated members of YAML maps, as go-yaml reports them. */
  readonly repeated: readonly string[];
  /** How many members the text has: more than were decoded means that some are repeated. */
  readonly members?: number;
  /** Reads the text again, slowly, to say which ones. */
  readonly reread?: () => ParsedBody;
  readonly places?: WeakMap<object, MemberPlaces>;
}

/** A JSON value from the bytes of a request. JSON goes through JSON.parse, unless only a slower reader can answer as Go would. Throws UnreadableBody. */
export const parseBody = (body: Uint8Array, mediaType: TextMediaType): ParsedBody =>
  mediaType === "application/yaml" ? parseYaml(body) : parseJson(body);

const parseJson = (body: Uint8Array): ParsedBody => {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
  const { members, depth, unusualNumbers } = scanJson(body);
  if (depth > deepestJson) throw tooDeep();
  if (unusualNumbers) return slowly(text);
  try {
    return { value: JSON.parse(text), repeated: [], members, reread: () => slowly(text) };
  } catch {
    return slowly(text);
  }
};

const tooDeep = (): UnreadableBody => new UnreadableBody("couldn't get version/kind; json parse error: exceeded max depth");

const slowly = (text: string): ParsedBody => {
  try {
    const { value, places } = readJson(text);
    return { value, places, repeated: [] };
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep();
    if (error instanceof JsonSyntaxError) throw new UnreadableBody(`couldn't get version/kind; json parse error: ${error.message}`);
    throw error;
  }
};

const parseYaml = (body: Uint8Array): ParsedBody => {
  try {
    return readYaml(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8"));
  } catch (error) {
    if (error instanceof YamlError)
      throw new UnreadableBody(error.message.startsWith("yaml: ") ? `error converting YAML to JSON: ${error.message}` : error.message);
    throw error;
  }
};
