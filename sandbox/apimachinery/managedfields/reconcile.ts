import type { ObjectSchema, Schema } from "../schema/schema.ts";
import { elementsOf, isMember, leaf, nodeAt, type FieldSet, type FieldSetDraft } from "./field-set.ts";
import { itemSchema, memberSchema } from "./typed.ts";

const hasBelow = (node: FieldSet): boolean => elementsOf(node).length > 0;

const becameAtomic = (schema: Schema): boolean =>
  schema.kind === "list" ? schema.listType === "atomic" : (schema.kind === "object" || schema.kind === "map") && schema.atomic === true;

const reconciledNode = (node: FieldSet, schema: Schema): FieldSet => {
  if (schema.kind === "any" || schema.kind === "scalar" || !hasBelow(node)) return node;
  if (becameAtomic(schema)) return leaf;
  const below = reconciled(node, schema);
  return below === node ? node : isMember(node) ? { ".": leaf, ...below } : below;
};

const reconciled = (set: FieldSet, schema: Schema): FieldSet => {
  let result: FieldSetDraft | undefined;
  for (const element of elementsOf(set)) {
    const node = nodeAt(set, element) ?? leaf;
    const next = reconciledNode(node, element.startsWith("f:") ? memberSchema(schema, element.slice(2)) : itemSchema(schema));
    if (next !== node) (result ??= { ...set })[element] = next;
  }
  return result ?? set;
};

/**
 * A set that was written under an earlier schema: who owned parts of a list or map that has become atomic owns the whole of it
 * (ReconcileFieldSetWithSchema). The way back is not taken, as upstream.
 */
export const reconcileSet = (set: FieldSet, schema: ObjectSchema): FieldSet => reconciled(set, schema);
