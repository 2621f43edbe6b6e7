const plainGoNames: Readonly<Record<string, string>> = {
  "boolean": "bool",
  "double": "float64",
  "bytes": "[]uint8",
  "quantity": "resource.Quantity",
  "int-or-string": "intstr.IntOrString",
  "time": "v1.Time",
  "micro-time": "v1.MicroTime",
};

/** The name of a type in Go as far as it follows from the packed type: `[]$io.k8s.api.core.v1.Container` → `[]v1.Container`. */
export const goNameOf = (type: string): string => {
  if (type.startsWith("[]")) return `[]${goNameOf(type.slice(2))}`;
  if (type.startsWith("{}")) return `map[string]${goNameOf(type.slice(2))}`;
  if (type.startsWith("$")) return lastTwo(type.slice(1));
  if (type.startsWith("any:")) return lastTwo(type.slice("any:".length));
  return plainGoNames[type] ?? type;
};

const lastTwo = (schemaName: string): string => schemaName.split(".").slice(-2).join(".");
