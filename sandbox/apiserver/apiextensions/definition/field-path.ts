import { additionalOf, itemsOf, own, type JsonSchema } from "../schema/json-schema.ts";

/** A field that a path names, and where it ends up in an object: `spec.containers[0]`; or why the path is none. */
export type ResolvedPath = { readonly schema: JsonSchema; readonly path: string; readonly root: string } | { readonly problem: string };

const token = /\.([A-Za-z_][A-Za-z0-9_]*)|\[(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([0-9]+))\]/y;

/**
 * Resolves the simple JSON path of a rule's `fieldPath` or of a selectable field against a schema (cel.ValidFieldPath): names after dots, names in quotes or, where
 * arrays are allowed, indices in brackets.
 */
export const resolveFieldPath = (text: string, schema: JsonSchema, { arrays = true }: { readonly arrays?: boolean } = {}): ResolvedPath => {
  if (text === "") return { problem: "unexpected end of JSON path" };
  let current: JsonSchema | undefined = schema;
  let path = "";
  let root = "";
  token.lastIndex = 0;
  for (let at = 0; at < text.length; at = token.lastIndex) {
    token.lastIndex = at;
    const match = token.exec(text);
    if (!match) return { problem: text.startsWith(".") || text.startsWith("[") ? `unexpected token` : "expected [ or ." };
    const name: string | undefined = match[1] ?? match[2] ?? match[3];
    if (name === undefined) {
      if (!arrays || current.type !== "array") return { problem: "does not refer to a valid field" };
      current = itemsOf(current);
      path += `[${match[4] ?? ""}]`;
    } else {
      const property: JsonSchema | undefined = own(current.properties, name);
      const additional = additionalOf(current);
      current = property ?? additional;
      path += property ? `.${name}` : `[${name}]`;
      if (root === "") root = name;
    }
    if (!current) return { problem: "does not refer to a valid field" };
  }
  return { schema: current, path, root };
};
