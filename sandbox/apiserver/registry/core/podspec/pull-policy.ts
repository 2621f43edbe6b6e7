import { notSupported, required, type FieldError } from "../../../../apimachinery/validation/field-error.ts";

const policies = ["Always", "IfNotPresent", "Never"];

/** validatePullPolicy. */
export const addPullPolicyErrors = (errors: FieldError[], policy: string | undefined, path: string): void => {
  if (!policy) errors.push(required(path));
  else if (!policies.includes(policy)) errors.push(notSupported(path, policy, policies));
};

const component = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const hostLabel = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
const host = `(?:${hostLabel}(?:\\.${hostLabel})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const path = new RegExp(`^${component}(?:/${component})*$`);
const hostPart = new RegExp(`^${host}$`);
const tagPart = /^\w[\w.-]{0,127}$/;
const digestPart = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
const longestName = 255;

/**
 * The tag of an image as the container runtime reads it: `latest` where there is neither tag nor digest, none where
 * there is a digest only or the text is not a reference at all (parsers.ParseImageName).
 */
export const tagOf = (image: string): string | undefined => {
  if (image.length > 1024 || /^[a-f0-9]{64}$/.test(image)) return undefined;
  const at = image.indexOf("@");
  const digest = at < 0 ? undefined : image.slice(at + 1);
  const named = at < 0 ? image : image.slice(0, at);
  const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
  const tag = colon < 0 ? undefined : named.slice(colon + 1);
  const name = colon < 0 ? named : named.slice(0, colon);
  if (digest !== undefined && !digestPart.test(digest)) return undefined;
  if (tag !== undefined && !tagPart.test(tag)) return undefined;
  if (name.length > longestName || !isName(name)) return undefined;
  return tag ?? (digest === undefined ? "latest" : undefined);
};

const isName = (name: string): boolean => {
  const slash = name.indexOf("/");
  const first = name.slice(0, slash);
  const hasHost = slash >= 0 && (/[.:]/.test(first) || first === "localhost" || first.toLowerCase() !== first);
  return hasHost ? hostPart.test(first) && path.test(name.slice(slash + 1)) : path.test(name);
};

/** Images called `latest` are pulled always, others when they are missing. */
export const defaultPullPolicy = (image: string): "Always" | "IfNotPresent" => (tagOf(image) === "latest" ? "Always" : "IfNotPresent");
