import type { Draft } from "../../../apimachinery/meta/types.ts";
import { setFirstGeneration, setNextGeneration } from "../../registry/generic/generation.ts";
import { keepSpec, keepStatus } from "../../registry/generic/status.ts";
import { defineStrategy, type Strategy } from "../../registry/strategy.ts";
import type { CustomResourceDefinition } from "./definition.ts";
import { nameErrors } from "./validate-parts.ts";
import { validateDefinition, validateDefinitionUpdate, type RuleCheck } from "./validate.ts";

/** The version that objects are stored in has objects stored in it from now on. */
const withStorageVersion = (draft: Draft<CustomResourceDefinition>): void => {
  const version = (draft.spec.versions as typeof draft.spec.versions | undefined)?.find(({ storage }) => storage)?.name;
  const stored = draft.status?.storedVersions ?? [];
  if (version === undefined || stored.includes(version)) return;
  draft.status = { ...draft.status, storedVersions: [...stored, version] };
};

/** CustomResourceDefinition as the API server sees it. What its resources are served by is this room's business, beside the registry. */
export const definitionStrategy = (check: RuleCheck): Strategy<CustomResourceDefinition> =>
  defineStrategy<CustomResourceDefinition>({
    group: "apiextensions.k8s.io",
    resource: "customresourcedefinitions",
    setDefaults: (draft) => {
      const { spec } = draft;
      if (!(spec as unknown)) return;
      const { names } = spec;
      if (names as unknown) {
        names.singular ||= (names.kind || "").toLowerCase();
        if (names.kind) names.listKind ||= `${names.kind}List`;
      }
      spec.conversion ??= { strategy: "None" };
      const service = spec.conversion.webhook?.clientConfig?.service;
      if (service) service.port ??= 443;
      if ((draft.status?.storedVersions ?? []).length === 0) withStorageVersion(draft);
    },
    prepareForCreate: (draft) => {
      setFirstGeneration(draft);
      draft.status = { conditions: null, acceptedNames: { plural: "", kind: "" } };
      withStorageVersion(draft);
    },
    prepareForUpdate: (draft, previous) => {
      keepStatus(draft, previous);
      setNextGeneration(draft, previous);
      withStorageVersion(draft);
    },
    validate: (definition) => validateDefinition(definition, check),
    validateUpdate: (next, previous) => validateDefinitionUpdate(next, previous, check),
    resetFields: ["status"],
    subresources: {
      status: {
        prepareForUpdate: (draft, previous) => {
          keepSpec(draft, previous);
          const { labels, annotations, ownerReferences, generation } = previous.metadata;
          const { metadata } = draft;
          for (const key of ["labels", "annotations", "ownerReferences", "generation"] as const) delete metadata[key];
          Object.assign(metadata, {
            ...(labels && { labels }),
            ...(annotations && { annotations }),
            ...(ownerReferences && { ownerReferences }),
            ...(generation !== undefined && { generation }),
          });
        },
        validateUpdate: (next) => nameErrors(next.status?.acceptedNames, "status.acceptedNames"),
        resetFields: ["metadata", "spec"],
      },
    },
  });
