import { customComponents } from "./custom-components.ts";
import type { DocumentSource, Json, OpenApiVersion } from "./documents.ts";
import { SchemaWriter } from "./schema-json.ts";
import { specialComponent } from "./special-components.ts";

/** The schemas with these names and all that they refer to, in order of their names. */
export const componentsOf = (source: DocumentSource, roots: Iterable<string>, version: OpenApiVersion): Json => {
  const components = new Map<string, Json>();
  const waiting = [...new Set(roots)];
  const seen = new Set(waiting);
  const refer = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    waiting.push(name);
  };
  const writer = new SchemaWriter(version, source.descriptions, refer);
  const custom = customComponents(source.custom, version, refer);
  const kinds = Map.groupBy(source.pack.kinds, ({ schemaName }) => schemaName);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const component = specialComponent(name, version) ?? custom.get(name)?.() ?? builtIn(source, writer, name, kinds.get(name) ?? []);
    if (component !== undefined) components.set(name, component);
  }
  return Object.fromEntries([...components].toSorted(([one], [other]) => (one < other ? -1 : 1)));
};

const builtIn = (
  { pack }: DocumentSource,
  writer: SchemaWriter,
  name: string,
  kinds: DocumentSource["pack"]["kinds"],
): Json | undefined => {
  const schema = pack.schemaNamed(name);
  const groupVersionKinds = kinds.map(({ group, version, kind }) => ({ group, kind, version }));
  return schema && writer.component(schema, groupVersionKinds);
};
