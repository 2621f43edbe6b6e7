import type { AnyObject } from "../../sandbox/index.ts";
import type { LocatedDocument } from "../../sandbox/manifest.ts";

/** Whether a text looks like a Kubernetes manifest: both words at the beginning of a line (or of a JSON member). Cheap, for any file that is opened. */
export const looksLikeManifest = (text: string): boolean =>
  /^["\s]*apiVersion"?\s*:\s*\S/m.test(text) && /^["\s]*kind"?\s*:\s*\S/m.test(text);

/** The reader of manifests, loaded when the first one is seen. */
export const manifests = () => import("../../sandbox/manifest.ts");

/** One object of a manifest with the document it stands in. */
export interface ManifestObject {
  readonly document: LocatedDocument;
  readonly object: AnyObject;
}

const isObject = (value: unknown): value is AnyObject => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const { apiVersion, kind } = value as Record<string, unknown>;
  return typeof apiVersion === "string" && typeof kind === "string";
};

/** The Kubernetes objects among the documents of a text. */
export const objectsOf = async (text: string): Promise<readonly ManifestObject[]> => {
  const { readLocated } = await manifests();
  return readLocated(text).flatMap((document) => {
    if (!isObject(document.value)) return [];
    const { metadata } = document.value as Partial<AnyObject>;
    return [{ document, object: { ...document.value, metadata: metadata ?? {} } }];
  });
};

/** `Deployment web`, for titles. */
export const titleOf = ({ kind = "", metadata: { name = "", generateName = "" } }: AnyObject): string =>
  `${kind} ${name || `${generateName}*`}`;
