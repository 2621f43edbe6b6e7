import { forbidden } from "../../apimachinery/errors/constructors.ts";
import type { StatusError } from "../../apimachinery/errors/status.ts";
import type { Attributes } from "./plugin.ts";

/** The refusal of an admission plugin (admission.NewForbidden). Objects that have no name yet are called by what their name will begin with. */
export const refused = (attributes: Attributes, why: string): StatusError => {
  const { group, resource } = attributes.entry;
  return forbidden({ group, resource }, nameOf(attributes), why);
};

const nameOf = ({ name, object }: Attributes): string => {
  if (name !== "") return name;
  const { name: own = "", generateName = "" } = object?.metadata ?? {};
  return own || generateName || "Unknown";
};
