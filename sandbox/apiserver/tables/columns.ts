import type { Descriptions } from "../../api/pack/version-pack.ts";
import type { AnyObject, KubeObject } from "../../apimachinery/meta/types.ts";
import type { TablePrinter, TableRow } from "../server/table.ts";
import { since } from "./human-duration.ts";

/** One column: what it is called, how it is described, and its cell. Words that begin with `@` are a schema's: `@core.v1.PodSpec.nodeName`. */
export interface Column<T extends KubeObject> {
  readonly name: string;
  readonly type: "string" | "integer" | "boolean";
  readonly format?: "name";
  readonly description: string;
  /** Shown with `-o wide` only. */
  readonly wide?: boolean;
  readonly cell: (object: T, now: number) => unknown;
}

/** How one kind looks in `kubectl get`. */
export interface Table<T extends KubeObject = AnyObject> {
  readonly columns: readonly Column<T>[];
  /** Conditions of a row: a pod that is over. */
  readonly conditions?: (object: T) => readonly object[] | undefined;
}

export const string = <T extends KubeObject>(name: string, description: string, cell: Column<T>["cell"]): Column<T> => ({
  name,
  type: "string",
  description,
  cell,
});
export const integer = <T extends KubeObject>(name: string, description: string, cell: Column<T>["cell"]): Column<T> => ({
  name,
  type: "integer",
  description,
  cell,
});
export const boolean = <T extends KubeObject>(name: string, description: string, cell: Column<T>["cell"]): Column<T> => ({
  name,
  type: "boolean",
  description,
  cell,
});
export const wide = <T extends KubeObject>(column: Column<T>): Column<T> => ({ ...column, wide: true });

export const nameColumn = <T extends KubeObject>(cell: Column<T>["cell"] = ({ metadata }) => metadata.name ?? ""): Column<T> => ({
  name: "Name",
  type: "string",
  format: "name",
  description: "@ObjectMeta.name",
  cell,
});
export const ageColumn = <T extends KubeObject>(): Column<T> =>
  string("Age", "@ObjectMeta.creationTimestamp", ({ metadata }, now) => since(metadata.creationTimestamp, now));

/** A table, with its objects' type checked. */
export const table = <T extends KubeObject>(columns: readonly Column<T>[], conditions?: Table<T>["conditions"]): Table =>
  ({ columns, ...(conditions && { conditions }) }) as unknown as Table;

const described = (description: string, descriptions: Descriptions): string => {
  if (!description.startsWith("@")) return description;
  const path = description.slice(1);
  const dot = path.lastIndexOf(".");
  const schema = path.slice(0, dot);
  const full =
    schema === "ObjectMeta"
      ? "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
      : schema.startsWith("io.")
        ? schema
        : `io.k8s.api.${schema}`;
  return descriptions.of(full, path.slice(dot + 1));
};

/** The printer of a table, with its texts. */
export const printerOf = ({ columns, conditions }: Table, descriptions: Descriptions): TablePrinter => ({
  columns: columns.map(({ name, type, format = "", description, wide: isWide }) => ({
    name,
    type,
    format,
    description: described(description, descriptions),
    priority: isWide ? 1 : 0,
  })),
  row: (object, now): TableRow => {
    const own = conditions?.(object);
    return { cells: columns.map(({ cell }) => cell(object, now)), ...(own && { conditions: own }) };
  },
});
