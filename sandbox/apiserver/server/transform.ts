import { badRequest } from "../../apimachinery/errors/constructors.ts";
import { failure, type StatusError } from "../../apimachinery/errors/status.ts";
import type { AnyObject, KubeList } from "../../apimachinery/meta/types.ts";
import type { ServedResource } from "../discovery/served-resource.ts";
import type { OutputMediaType } from "./negotiation.ts";
import { defaultPrinter, tableOf, type IncludeObject, type TablePrinters } from "./table.ts";

/** What an answer is made from, when it is wanted as something else than the objects themselves. */
export interface TransformContext {
  readonly entry: ServedResource;
  readonly transform: NonNullable<OutputMediaType["transform"]>;
  readonly include: IncludeObject;
  readonly now: number;
  readonly printers: TablePrinters;
}

/** The `includeObject` of the query. Throws 400. */
export const includeObjectOf = (query: URLSearchParams): IncludeObject => {
  const asked = query.get("includeObject");
  if (asked === null || asked === "") return "Metadata";
  if (asked === "None" || asked === "Metadata" || asked === "Object") return asked;
  throw badRequest(`unrecognized includeObject value: ${JSON.stringify(asked)}`);
};

/** An object as a table of one row, or its metadata alone. Throws 406 where a list is wanted. `headers` is false for a watch's later events. */
export const transformObject = (shown: AnyObject, context: TransformContext, headers = true): object => {
  const { transform, entry, printers } = context;
  const object = internally(entry, shown);
  const apiVersion = `meta.k8s.io/${transform.version}`;
  switch (transform.kind) {
    case "Table": {
      const { resourceVersion } = object.metadata;
      return tableOf([object], printers.of(entry) ?? defaultPrinter, {
        ...context,
        apiVersion,
        headers,
        metadata: { ...(resourceVersion !== undefined && { resourceVersion }) },
      });
    }
    case "PartialObjectMetadata":
      return { kind: "PartialObjectMetadata", apiVersion, metadata: object.metadata };
    case "PartialObjectMetadataList":
      throw notTransformable(`you requested PartialObjectMetadataList, but the requested object is not a list (${goTypeOf(entry, "")})`);
  }
};

/** A list as a table, or as the metadata of its items. Throws 406 where a single object's metadata is wanted. */
export const transformList = (list: Omit<KubeList, "items">, shown: readonly AnyObject[], context: TransformContext): object => {
  const { transform, entry, printers } = context;
  const items = shown.map((object) => internally(entry, object));
  const apiVersion = `meta.k8s.io/${transform.version}`;
  switch (transform.kind) {
    case "Table": {
      const printer = printers.of(entry);
      const table = tableOf(items, printer ?? defaultPrinter, { ...context, apiVersion, metadata: list.metadata });
      // The default convertor's rows of nothing are Go's nil.
      return printer === undefined && items.length === 0 ? { ...table, rows: null } : table;
    }
    case "PartialObjectMetadataList":
      return {
        kind: "PartialObjectMetadataList",
        apiVersion,
        metadata: list.metadata,
        // Upstream's list of none is Go's nil.
        items: items.length === 0 ? null : items.map(({ metadata }) => ({ kind: "PartialObjectMetadata", apiVersion, metadata })),
      };
    case "PartialObjectMetadata":
      throw notTransformable(`you requested PartialObjectMetadata, but the requested object is a list (${goTypeOf(entry, "List")})`);
  }
};

const templateGeneration = "deprecated.daemonset.template.generation";

/** Upstream makes tables and metadata from its internal objects, where a DaemonSet's template generation is a field and no annotation. */
const internally = ({ group, resource }: ServedResource, object: AnyObject): AnyObject => {
  const { annotations } = object.metadata;
  if (group !== "apps" || resource !== "daemonsets" || annotations?.[templateGeneration] === undefined) return object;
  const { [templateGeneration]: _field, ...others } = annotations;
  const { annotations: _all, ...metadata } = object.metadata;
  return { ...object, metadata: { ...metadata, ...(Object.keys(others).length > 0 && { annotations: others }) } };
};

const notTransformable = (message: string): StatusError => failure(406, "NotAcceptable", message);

/** Go's name of the kind, which upstream shows. */
const goTypeOf = ({ custom, group, kind }: ServedResource, suffix: string): string =>
  custom ? `*unstructured.Unstructured${suffix}` : `*${group === "" ? "core" : (group.split(".")[0] ?? "")}.${kind}${suffix}`;
