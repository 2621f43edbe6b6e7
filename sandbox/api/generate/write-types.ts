import type { ModelField } from "./package-reader.ts";
import { referencesIn, type NamedModel } from "./schema-names.ts";

/** Types written by hand in apimachinery/meta. */
const ownTypes = ["ObjectMeta", "ListMeta", "OwnerReference", "ManagedFieldsEntry"];

/** Lists which the API server answers as null when they are empty: no omitempty, and validation lets them be empty. */
const mayBeNull = new Set([
  "io.k8s.api.rbac.v1.Role.rules",
  "io.k8s.api.rbac.v1.ClusterRole.rules",
  "io.k8s.api.discovery.v1.EndpointSlice.endpoints",
  "io.k8s.api.discovery.v1.EndpointSlice.ports",
  "io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerStatus.currentMetrics",
  "io.k8s.api.storage.v1.CSINodeSpec.drivers",
]);

/** The TypeScript source with a readonly type for each model. `kinds`: schema names of those which are objects of the API. */
export const typesSource = (models: readonly NamedModel[], names: ReadonlyMap<string, string>, kinds: ReadonlySet<string>): string => {
  const byClass = new Map(models.map((model) => [model.className, names.get(model.schemaName)!]));
  const blocks = models
    .filter((model) => !ownTypes.includes(byClass.get(model.className)!))
    .map((model) => {
      const isKind = kinds.has(model.schemaName);
      const fields = model.fields.map((field) => {
        const optional = !isAlwaysThere(field, isKind);
        const orNull = mayBeNull.has(`${model.schemaName}.${field.name}`) ? " | null" : "";
        return `${commentOf(field.description, "  ")}  readonly ${JSON.stringify(field.name)}${optional ? "?" : ""}: ${typeOf(field, byClass)}${orNull};\n`;
      });
      // A type alias and not an interface: only an alias can be passed where any object of the API may be.
      return `${commentOf(model.description, "")}export type ${byClass.get(model.className)!} = {\n${fields.join("")}};\n`;
    });
  return [
    "// Made by `npm run generate`.\n",
    `import type { ${ownTypes.join(", ")} } from "../../apimachinery/meta/types.ts";\n`,
    `export type { ${ownTypes.join(", ")} };\n`,
    "/** A whole number, or a name or percentage. */\nexport type IntOrString = number | string;\n",
    ...blocks.toSorted(),
  ].join("\n");
};

/** Objects which the API server answered always have metadata and a spec: their structs are no pointers in Go. */
const isAlwaysThere = (field: ModelField, isKind: boolean): boolean =>
  field.required || (field.name === "metadata" && isKind) || (field.name === "spec" && referencesIn(field.type).length > 0);

const commentOf = (description: string, indent: string): string =>
  description === "" ? "" : `${indent}/** ${description.replaceAll("*/", "*\\/").replaceAll("\n", " ")} */\n`;

const typeOf = ({ type }: ModelField, byClass: ReadonlyMap<string, string>): string => {
  const list = /^Array<(.*)>$/.exec(type);
  if (list !== null) return `readonly ${singleType(list[1]!, byClass, true)}[]`;
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type);
  if (map !== null) return `Readonly<Record<string, ${typeOf({ type: map[1]! } as ModelField, byClass)}>>`;
  return singleType(type, byClass, false);
};

const singleType = (type: string, byClass: ReadonlyMap<string, string>, inList: boolean): string => {
  if (type === "Date" || type === "V1MicroTime") return "string";
  if (type === "any") return "unknown";
  if (type === "IntOrString") return inList ? "(IntOrString)" : "IntOrString";
  return byClass.get(type) ?? type;
};
