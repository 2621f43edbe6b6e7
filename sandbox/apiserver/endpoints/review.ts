import { managerOf, trackUpdate } from "../../apimachinery/managedfields/index.ts";
import { badRequest } from "../../apimachinery/errors/constructors.ts";
import type { AnyObject, Draft } from "../../apimachinery/meta/types.ts";
import type { Operation, OperationResult, UserInfo } from "../../apimachinery/operation/operation.ts";
import { toTime } from "../../base/clock/clock.ts";
import { copyOf } from "../registry/json.ts";
import type { Machinery } from "./request.ts";

/** Answers a kind that is never stored: SubjectAccessReview, TokenReview, SelfSubjectReview. */
export type Review = (object: AnyObject, asked: { readonly user: UserInfo; readonly namespace: string }) => AnyObject | Promise<AnyObject>;

/** POST of a review: prepared like an object that will be stored, and then answered instead. */
export const createReview = async (machinery: Machinery, operation: Operation, review: Review): Promise<OperationResult> => {
  const { user, namespace = "", options } = operation;
  if (!operation.object) throw badRequest("an object is required");
  const draft = copyOf(operation.object) as Draft<AnyObject>;
  draft.metadata ??= {};
  const given = draft.metadata.namespace ?? "";
  if (given !== "" && given !== namespace)
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  if (namespace !== "") draft.metadata.namespace = namespace;
  draft.metadata.creationTimestamp ??= null;
  const schema = machinery.schemas.schemaOf(draft.apiVersion ?? "", draft.kind ?? "");
  const next = schema
    ? trackUpdate({
        next: draft,
        previous: undefined,
        manager: managerOf(options?.fieldManager, operation.userAgent),
        time: toTime(machinery.clock.now()),
        version: draft.apiVersion ?? "",
        schema,
      })
    : draft;
  return { kind: "value", code: 201, value: await review(next, { user, namespace }) };
};
