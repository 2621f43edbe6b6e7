import type { Random } from "../../base/random/random.ts";
import type { ObjectSchema, ScalarSchema, Schema } from "./schema.ts";

/** Deeper than this only what is required is made: schemas may refer to themselves. */
const deepestOptional = 6;
const deepest = 14;

/**
 * Some object that its schema allows: for tests that must hold for every object, and for the editor's snippets. The same random numbers
 * give the same object. It is valid by type, enum and format only: rules across fields are validation's.
 */
export const exampleObject = (schema: ObjectSchema, random: Random): Record<string, unknown> => objectOf(schema, random, 0);

const objectOf = (schema: ObjectSchema, random: Random, depth: number): Record<string, unknown> => {
  const object: Record<string, unknown> = {};
  const chance = depth > deepestOptional ? 0 : depth === 0 ? 0.9 : 0.4;
  for (const [name, field] of schema.fields) {
    const isWanted = schema.required.has(name) ? depth < deepest : random.next() < chance;
    if (isWanted) object[name] = valueOf(field, random, depth + 1);
  }
  return object;
};

const valueOf = (schema: Schema, random: Random, depth: number): unknown => {
  switch (schema.kind) {
    case "object":
      return objectOf(schema, random, depth);
    case "list":
      return Array.from({ length: 1 + random.integer(2) }, () => valueOf(schema.items, random, depth));
    case "map":
      return Object.fromEntries(Array.from({ length: 1 + random.integer(2) }, () => [word(random), valueOf(schema.values, random, depth)]));
    case "scalar":
      return scalarOf(schema, random);
    case "any":
      return schema.oneOf === undefined
        ? { [word(random)]: random.integer(100) }
        : valueOf(schema.oneOf[depth > deepestOptional ? 1 : random.integer(schema.oneOf.length)]!, random, depth + 1);
  }
};

const word = (random: Random): string => `x${random.suffix(4)}`;

const oneOf = <T>(values: readonly T[], random: Random): T => values[random.integer(values.length)]!;

const scalarOf = (schema: ScalarSchema, random: Random): unknown => {
  if (schema.enum !== undefined && schema.enum.length > 0) return oneOf(schema.enum, random);
  switch (schema.type) {
    case "string":
      return word(random);
    case "integer":
      return schema.format === "int32" ? random.integer(60_000) - 100 : random.integer(2 ** 40) - 1000;
    case "number":
      return random.integer(1000) / 8;
    case "boolean":
      return random.next() < 0.5;
    case "quantity":
      return oneOf(["0", "1", "250m", "1500m", "64Mi", "1Gi", "2k", "1e3"], random);
    case "int-or-string":
      return random.next() < 0.5 ? random.integer(60_000) : "25%";
    case "bytes":
      return Buffer.from(word(random)).toString("base64");
    case "time":
      return `20${String(10 + random.integer(80))}-03-0${String(1 + random.integer(9))}T04:05:06Z`;
    case "micro-time":
      return `20${String(10 + random.integer(80))}-03-0${String(1 + random.integer(9))}T04:05:06.00070${String(random.integer(10))}Z`;
    case "duration":
      return `${String(random.integer(100))}s`;
  }
};
