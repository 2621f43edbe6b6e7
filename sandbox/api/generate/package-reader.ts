import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A field of a model class, as the npm package `@kubernetes/client-node` describes it. */
export interface ModelField {
  /** The JSON name. */
  readonly name: string;
  /** The package's notation: `string`, `Array<V1Container>`, `{ [key: string]: string; }`. */
  readonly type: string;
  readonly format: string;
  readonly required: boolean;
  readonly description: string;
}

export interface Model {
  readonly className: string;
  readonly description: string;
  readonly fields: readonly ModelField[];
}

/** The models of one release of the package, by class name. Stale ones are among them: follow references from the API's roots. */
export type Models = ReadonlyMap<string, Model>;

interface Attribute {
  readonly name: string;
  readonly baseName: string;
  readonly type: string;
  readonly format: string;
}

/** Reads every model of the package in `directory` (its declarations and attribute maps; nothing is executed). */
export const readModels = (directory: string): Models => {
  const folder = join(directory, "dist/gen/models");
  const models = new Map<string, Model>();
  for (const file of readdirSync(folder)) {
    if (!file.endsWith(".d.ts")) continue;
    const className = file.slice(0, -".d.ts".length);
    if (className === "ObjectSerializer" || className === "all") continue;
    models.set(className, readModel(folder, className));
  }
  return models;
};

const readModel = (folder: string, className: string): Model => {
  const declaration = parseDeclaration(readFileSync(join(folder, `${className}.d.ts`), "utf8"));
  const fields = attributesOf(readFileSync(join(folder, `${className}.js`), "utf8")).map(({ name, baseName, type, format }) => {
    const declared = declaration.properties.get(name);
    return { name: baseName, type, format, required: declared?.required ?? false, description: declared?.description ?? "" };
  });
  return { className, description: declaration.description, fields };
};

const attributesOf = (source: string): readonly Attribute[] => {
  const start = source.indexOf(".attributeTypeMap = [");
  if (start < 0) return [];
  return JSON.parse(source.slice(source.indexOf("[", start), source.indexOf("\n];", start) + 2)) as readonly Attribute[];
};

const parseDeclaration = (source: string) => {
  const properties = new Map<string, { readonly required: boolean; readonly description: string }>();
  let description = "";
  let comment: string[] = [];
  for (const line of source.split("\n")) {
    const text = line.trim();
    if (text === "/**") comment = [];
    else if (text.startsWith("* ") && text !== "* Kubernetes") comment.push(text.slice(2));
    else if (text.startsWith("export declare class")) {
      description = plain(comment);
      comment = [];
    } else {
      const property = /^'([^']+)'(\??): /.exec(text);
      if (property === null) continue;
      properties.set(property[1]!, { required: property[2] === "", description: plain(comment) });
      comment = [];
    }
  }
  return { description, properties };
};

/** The text without the escapes that the package's generator put in. The licence header sticks to some classes' first property. */
const plain = (lines: readonly string[]): string =>
  lines.some((line) => line.startsWith("NOTE: This class is auto generated")) ? "" : unescaped(lines.join("\n"));

/** Undoes the generator's escapes. It made one space of each line break, so that two spaces were a paragraph's end. */
export const unescaped = (text: string): string =>
  text
    .replaceAll(/\\(.)/g, "$1")
    .replaceAll("*_/", "*/")
    .replaceAll("/_*", "/*")
    .replaceAll(/&(#39|quot|lt|gt|amp);/g, (_, name: string) => entities[name] ?? "");

const entities: Readonly<Record<string, string>> = { "#39": "'", "quot": '"', "lt": "<", "gt": ">", "amp": "&" };
