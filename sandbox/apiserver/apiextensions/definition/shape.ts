import { deepEqual } from "../../../apimachinery/meta/equal.ts";
import type { DefinitionSpec, DefinitionVersion } from "./definition.ts";

/** What a version may say for itself or all versions say together. */
type Part = "schema" | "subresources" | "additionalPrinterColumns" | "selectableFields";

const inMessages: Readonly<Record<Part, string>> = {
  schema: "validation",
  subresources: "subresources",
  additionalPrinterColumns: "additionalPrinterColumns",
  selectableFields: "selectableFields",
};

/** Where messages place a part: upstream keeps what all versions have in common at the top of its internal form. */
export interface Placed {
  readonly path: string;
  readonly version: DefinitionVersion;
}

/** The places of a part, each with a version that holds it; those of single versions, or the common one. */
export const placesOf = (
  { versions }: DefinitionSpec,
  part: Part,
): { readonly common?: Placed; readonly own: readonly (Placed | undefined)[] } => {
  const [first] = versions;
  if (first?.[part] !== undefined && versions.every((version) => deepEqual(version[part], first[part])))
    return { common: { path: `spec.${inMessages[part]}`, version: first }, own: versions.map(() => undefined) };
  return {
    own: versions.map((version, at) =>
      version[part] === undefined ? undefined : { path: `spec.versions[${String(at)}].${part}`, version },
    ),
  };
};
