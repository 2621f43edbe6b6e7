import { badRequest } from "../../apimachinery/errors/constructors.ts";
import { FieldSelector, FieldSelectorError, parseFieldSelector } from "../../apimachinery/fields/selector.ts";
import { parseSelector } from "../../apimachinery/labels/parse.ts";
import { SelectorError, type Selector } from "../../apimachinery/labels/selector.ts";
import type { AnyObject } from "../../apimachinery/meta/types.ts";
import type { Interest } from "../cache/resource-cache.ts";
import type { StoredKind } from "../registry/entry.ts";
import type { Request } from "./request.ts";

/** What a list or watch selects, checked. */
export class Selection {
  readonly labels: Selector;
  readonly fields: FieldSelector;
  readonly #kind: StoredKind;

  constructor(kind: StoredKind, labels: Selector, fields: FieldSelector) {
    this.#kind = kind;
    this.labels = labels;
    this.fields = fields;
  }

  get isEverything(): boolean {
    return this.labels.isEmpty() && this.fields.isEmpty();
  }

  matches(object: AnyObject): boolean {
    if (!this.labels.isEmpty() && !this.labels.matches(object.metadata.labels)) return false;
    return this.fields.isEmpty() || this.fields.matches((field) => this.#read(object, field));
  }

  /** The narrowest part of the objects that all matches are in. */
  interest(namespace: string | undefined): Interest {
    const within = namespace ?? this.fields.exactMatch("metadata.namespace");
    const name = this.fields.exactMatch("metadata.name");
    if (name !== undefined && (within !== undefined || !this.#kind.namespaced))
      return { namespace: this.#kind.namespaced ? within! : "", name };
    const nodeName = this.#kind.group === "" && this.#kind.resource === "pods" ? this.fields.exactMatch("spec.nodeName") : undefined;
    return {
      ...(within !== undefined && this.#kind.namespaced && { namespace: within }),
      ...(nodeName !== undefined && nodeName !== "" && { nodeName }),
    };
  }

  #read(object: AnyObject, field: string): string {
    if (field === "metadata.name") return object.metadata.name ?? "";
    if (field === "metadata.namespace") return object.metadata.namespace ?? "";
    const { selectableFields = {} } = this.#kind.strategy;
    return Object.hasOwn(selectableFields, field) ? (selectableFields[field]?.(object) ?? "") : "";
  }
}

/** The selectors of a request. Throws BadRequest where one cannot be understood, or names a field nobody selects by. */
export const selectionOf = (request: Request, name?: string): Selection => {
  const { labelSelector = "", fieldSelector = "" } = request.operation.options ?? {};
  const fields = parseFields(request, fieldSelector);
  return new Selection(request.stored, parseLabels(labelSelector), name === undefined ? fields : onlyNamed(fields, name));
};

const onlyNamed = (fields: FieldSelector, name: string): FieldSelector => {
  const selected = fields.exactMatch("metadata.name");
  if (selected !== undefined && selected !== name) throw badRequest(`fieldSelector metadata.name doesn't match requested name`);
  return new FieldSelector([{ field: "metadata.name", operator: "=", value: name }]);
};

const parseLabels = (text: string): Selector => {
  try {
    return parseSelector(text);
  } catch (error) {
    throw error instanceof SelectorError ? badRequest(error.message) : error;
  }
};

const parseFields = ({ entry, stored }: Request, text: string): FieldSelector => {
  const selector = parsed(text);
  const known = (field: string): boolean =>
    field === "metadata.name" || field === "metadata.namespace" || Object.hasOwn(stored.strategy.selectableFields ?? {}, field);
  const aliases = entry.fieldAliases;
  const requirements = selector.requirements.map(({ field, ...rest }) => {
    const own = aliases
      ? Object.hasOwn(aliases, field)
        ? aliases[field]
        : Object.values(aliases).includes(field)
          ? undefined
          : field
      : field;
    if (own === undefined || !known(own)) throw badRequest(unknownField(field, stored, entry.custom !== undefined));
    return { ...rest, field: own };
  });
  return aliases ? new FieldSelector(requirements) : selector;
};

const parsed = (text: string): FieldSelector => {
  try {
    return parseFieldSelector(text);
  } catch (error) {
    throw error instanceof FieldSelectorError ? badRequest(error.message) : error;
  }
};

/** Kinds whose versions name their fields themselves refuse in their own words. */
const unknownField = (field: string, { strategy, resource, group, kind }: StoredKind, custom: boolean): string => {
  if (group === "batch" && resource === "jobs") return `field label ${JSON.stringify(field)} not supported for ${kind}`;
  if (custom || strategy.selectableFields) return `field label not supported: ${field}`;
  return `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`;
};
