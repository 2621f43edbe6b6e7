import type { Secret } from "../../../../api/types.ts";
import { isSemanticallyEqual } from "../../../../apimachinery/equality/equality.ts";
import type { Draft } from "../../../../apimachinery/meta/types.ts";
import { forbiddenField, invalidValue, required, tooLong, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addImmutable, addInvalid } from "../../../../apimachinery/validation/fields.ts";
import { isConfigMapKey } from "../../../../apimachinery/validation/names.ts";
import { metadataErrors, metadataUpdateErrors } from "../../generic/metadata.ts";
import { defineStrategy } from "../../strategy.ts";
import { bytesOfBase64, mostDataBytes } from "./data.ts";
import { jsonProblem } from "./json-problem.ts";
import { keyPairProblem } from "./tls-warnings.ts";

export const secretStrategy = defineStrategy<Secret>({
  group: "",
  resource: "secrets",
  setDefaults: (draft) => {
    encodeStringData(draft);
    draft.type ||= "Opaque";
  },
  validate: (secret) => validateSecret(secret),
  validateUpdate: (next, previous) => {
    const errors = metadataUpdateErrors(next, previous);
    addImmutable(errors, "type", next.type ?? "", previous.type ?? "");
    if (previous.immutable) {
      const words = "field is immutable when `immutable` is set";
      if (!next.immutable) errors.push(forbiddenField("immutable", words));
      if (!isSemanticallyEqual(next.data, previous.data)) errors.push(forbiddenField("data", words));
    }
    return [...errors, ...metadataErrors(next, true), ...validateSecret(next)];
  },
  warnings: ({ type, data }) => {
    if (type !== "kubernetes.io/tls") return [];
    const problem = keyPairProblem(textOf(data?.["tls.crt"]), textOf(data?.["tls.key"]));
    return problem === undefined ? [] : [problem];
  },
  allowUnconditionalUpdate: true,
  selectableFields: { type: ({ type }) => type ?? "" },
});

const textOf = (base64 = ""): string => Buffer.from(base64, "base64").toString("utf8");

/** What is written in plain text comes to be data, over what stands there. */
const encodeStringData = (draft: Draft<Secret>): void => {
  if (draft.stringData) {
    const encoded = Object.entries(draft.stringData).map(([key, value]) => [key, Buffer.from(value, "utf8").toString("base64")] as const);
    draft.data = { ...draft.data, ...Object.fromEntries(encoded) };
  }
  delete draft.stringData;
};

/** ValidateSecret. */
const validateSecret = ({ metadata, type, data = {} }: Secret): FieldError[] => {
  const errors: FieldError[] = [];
  let size = 0;
  for (const [key, value] of Object.entries(data)) {
    addInvalid(errors, `data[${key}]`, key, isConfigMapKey(key));
    size += bytesOfBase64(value);
  }
  if (size > mostDataBytes) errors.push(tooLong("data", mostDataBytes));
  const serviceAccount = "kubernetes.io/service-account.name";
  if (type === "kubernetes.io/service-account-token" && !metadata.annotations?.[serviceAccount])
    errors.push(required(`metadata.annotations[${serviceAccount}]`));
  addKeyErrors(errors, type ?? "", data);
  return errors;
};

/** Keys that a secret of a type must have. */
const addKeyErrors = (errors: FieldError[], type: string, data: Readonly<Record<string, string>>): void => {
  const has = (key: string): boolean => Object.hasOwn(data, key);
  const need = (...keys: readonly string[]): void => {
    for (const key of keys) if (!has(key)) errors.push(required(`data[${key}]`));
  };
  switch (type) {
    case "kubernetes.io/dockercfg":
      need(".dockercfg");
      addJSONErrors(errors, data, ".dockercfg");
      return;
    case "kubernetes.io/dockerconfigjson":
      need(".dockerconfigjson");
      addJSONErrors(errors, data, ".dockerconfigjson");
      return;
    case "kubernetes.io/basic-auth":
      if (!has("username") && !has("password")) need("username", "password");
      return;
    case "kubernetes.io/ssh-auth":
      if (!data["ssh-privatekey"]) errors.push(required("data[ssh-privatekey]"));
      return;
    case "kubernetes.io/tls":
      need("tls.crt", "tls.key");
  }
};

const addJSONErrors = (errors: FieldError[], data: Readonly<Record<string, string>>, key: string): void => {
  if (!Object.hasOwn(data, key)) return;
  const problem = jsonProblem(textOf(data[key]));
  if (problem !== undefined) errors.push(invalidValue(`data[${key}]`, "<secret contents redacted>", problem));
};
