import type { ServiceAccount } from "../../../../api/types.ts";
import type { Draft } from "../../../../apimachinery/meta/types.ts";
import { metadataErrors, metadataUpdateErrors } from "../../generic/metadata.ts";
import { defineStrategy } from "../../strategy.ts";

/** Of the secrets' references only the names count. */
const cleanReferences = (draft: Draft<ServiceAccount>): void => {
  if (draft.secrets) draft.secrets = draft.secrets.map(({ name }) => (name === undefined ? {} : { name }));
};

const enforceMountable = "kubernetes.io/enforce-mountable-secrets";

export const serviceAccountStrategy = defineStrategy<ServiceAccount>({
  group: "",
  resource: "serviceaccounts",
  prepareForCreate: cleanReferences,
  prepareForUpdate: cleanReferences,
  validateUpdate: (next, previous) => [...metadataUpdateErrors(next, previous), ...metadataErrors(next, true)],
  warnings: (next, previous) =>
    next.metadata.annotations?.[enforceMountable] === undefined || previous?.metadata.annotations?.[enforceMountable] !== undefined
      ? []
      : [
          `metadata.annotations[${enforceMountable}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`,
        ],
});
