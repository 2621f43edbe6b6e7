import type { AnyObject } from "../../apimachinery/meta/types.ts";
import type { ServedResource } from "../discovery/served-resource.ts";

/** metav1.TableColumnDefinition. Columns of priority 0 are always shown, others with `-o wide`. */
export interface TableColumn {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  readonly priority: number;
}

/** metav1.TableRow without its object. */
export interface TableRow {
  readonly cells: readonly unknown[];
  readonly conditions?: readonly object[];
}

/** How objects of one resource look as rows of `kubectl get`. `now` in milliseconds since the epoch. */
export interface TablePrinter {
  readonly columns: readonly TableColumn[];
  row(object: AnyObject, now: number): TableRow;
}

/** Finds printers. */
export interface TablePrinters {
  /** To be awaited before the first `of`: the columns' texts are big, and loaded when a table is first asked for. */
  ready(): Promise<void>;
  /** The printer of a resource in a version; undefined where nobody wrote one. */
  of(entry: ServedResource): TablePrinter | undefined;
}

/** What is shown of an object beside its cells. */
export type IncludeObject = "None" | "Metadata" | "Object";

/** For resources without a printer: upstream's default table convertor. */
export const defaultPrinter: TablePrinter = {
  columns: [
    {
      name: "Name",
      type: "string",
      format: "name",
      description:
        "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names",
      priority: 0,
    },
    {
      name: "Created At",
      type: "date",
      format: "",
      description:
        "CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
      priority: 0,
    },
  ],
  row: ({ metadata }) => ({ cells: [metadata.name ?? "", metadata.creationTimestamp ?? null] }),
};

export interface TableOptions {
  readonly apiVersion: string;
  readonly include: IncludeObject;
  readonly now: number;
  /** The metadata of the list, or of the one object. */
  readonly metadata: object;
  readonly headers?: boolean;
}

/** metav1.Table of these objects. */
export const tableOf = (
  objects: readonly AnyObject[],
  printer: TablePrinter,
  { apiVersion, include, now, metadata, headers = true }: TableOptions,
): object => ({
  kind: "Table",
  apiVersion,
  metadata,
  columnDefinitions: headers ? printer.columns : null,
  rows: objects.map((object) => ({ ...printer.row(object, now), object: included(object, include, apiVersion) })),
});

const included = (object: AnyObject, include: IncludeObject, apiVersion: string): object | null => {
  switch (include) {
    case "None":
      return null;
    case "Metadata":
      return { kind: "PartialObjectMetadata", apiVersion, metadata: object.metadata };
    case "Object":
      return object;
  }
};
