import type { AnyObject } from "../../../apimachinery/meta/types.ts";
import { fromTime } from "../../../base/clock/clock.ts";
import type { TableColumn, TablePrinter } from "../../server/table.ts";
import type { DefinitionVersion, PrinterColumn } from "../definition/definition.ts";
import { findAll } from "./json-path.ts";

const nameColumn: TableColumn = {
  name: "Name",
  type: "string",
  format: "name",
  description:
    "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names",
  priority: 0,
};

/** What a version shows that names no columns. */
const ageColumn: PrinterColumn = {
  name: "Age",
  type: "date",
  description:
    "CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
  jsonPath: ".metadata.creationTimestamp",
};

/** How long ago, for people (duration.HumanDuration). */
const humanDuration = (seconds: number): string => {
  if (seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  if (seconds < 120) return `${String(Math.floor(seconds))}s`;
  const [minutes, hours, days] = [Math.floor(seconds / 60), Math.floor(seconds / 3600), Math.floor(seconds / 86_400)];
  const joined = (whole: string, rest: number, unit: string): string => (rest === 0 ? whole : `${whole}${String(rest)}${unit}`);
  if (minutes < 10) return joined(`${String(minutes)}m`, Math.floor(seconds) % 60, "s");
  if (minutes < 180) return `${String(minutes)}m`;
  if (hours < 8) return joined(`${String(hours)}h`, minutes % 60, "m");
  if (hours < 48) return `${String(hours)}h`;
  if (hours < 192) return joined(`${String(days)}d`, hours % 24, "h");
  if (days < 730) return `${String(days)}d`;
  const years = Math.floor(days / 365);
  return days < 365 * 8 ? joined(`${String(years)}y`, days % 365, "d") : `${String(years)}y`;
};

/** A cell's value; null where it does not fit the column (cellForJSONValue). */
const cellOf = (value: unknown, { type }: PrinterColumn, now: number): unknown => {
  switch (type) {
    case "integer":
      return typeof value === "number" ? Math.trunc(value) : null;
    case "number":
      return typeof value === "number" ? value : null;
    case "boolean":
      return typeof value === "boolean" ? value : null;
    case "string":
      return typeof value === "string" ? value : value === null || value === undefined ? null : JSON.stringify(value);
    case "date": {
      if (typeof value !== "string") return null;
      const time = fromTime(value);
      return time === undefined ? "<invalid>" : humanDuration((now - time) / 1000);
    }
    default:
      return null;
  }
};

const columnOf = ({ name = "", type = "", format = "", description, jsonPath = "", priority = 0 }: PrinterColumn): TableColumn => ({
  name,
  type,
  format,
  description: description ?? `Custom resource definition column (in JSONPath format): ${jsonPath}`,
  priority,
});

/** How objects of a custom resource's version look as rows of `kubectl get`. */
export const customPrinter = ({ additionalPrinterColumns }: DefinitionVersion): TablePrinter => {
  const columns = additionalPrinterColumns && additionalPrinterColumns.length > 0 ? additionalPrinterColumns : [ageColumn];
  return {
    columns: [nameColumn, ...columns.map(columnOf)],
    row: (object: AnyObject, now: number) => ({
      cells: [
        object.metadata.name ?? "",
        ...columns.map((column) => {
          const [found] = findAll(object, column.jsonPath ?? "");
          return found === undefined ? null : cellOf(found, column, now);
        }),
      ],
    }),
  };
};
