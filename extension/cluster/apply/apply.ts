import { StatusError, type AnyObject, type KubeObject } from "../../../sandbox/index.ts";
import type { Connection } from "../connection.ts";

/** Who the editor is to server-side apply. */
const fieldManager = "drydock-vscode";

/** What an apply or delete came to, in kubectl's words. */
export interface Applied {
  readonly verdict: "created" | "configured" | "unchanged" | "deleted";
  /** `deployment.apps/web` */
  readonly what: string;
  readonly object: AnyObject | undefined;
}

const unknownKind = ({ apiVersion = "", kind = "" }: KubeObject): StatusError =>
  new StatusError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    code: 404,
    reason: "NotFound",
    message: `no matches for kind "${kind}" in version "${apiVersion}"`,
  });

const placeOf = async ({ discovery }: Connection, object: KubeObject) => {
  const found = await discovery.pathOf(object);
  if (found === undefined) throw unknownKind(object);
  const { served, path } = found;
  return { path, what: `${served.kind.toLowerCase()}${served.group === "" ? "" : `.${served.group}`}/${object.metadata.name ?? ""}` };
};

/** The object as the server holds it, or undefined where it holds none. */
export const liveObject = async (connection: Connection, object: KubeObject): Promise<AnyObject | undefined> => {
  const { path } = await placeOf(connection, object);
  try {
    return await connection.client.call<AnyObject>({ path });
  } catch (error) {
    if (error instanceof StatusError && error.code === 404) return undefined;
    throw error;
  }
};

/** Server-side apply. `force` takes fields over from other managers; `dryRun` changes nothing and answers what would be. */
export const applyObject = async (connection: Connection, object: KubeObject, { dryRun = false, force = false } = {}): Promise<Applied> => {
  const { path, what } = await placeOf(connection, object);
  const before = await liveObject(connection, object);
  const query = { fieldManager, force, fieldValidation: "Strict", dryRun: dryRun ? "All" : undefined };
  const after = await connection.client.call<AnyObject>({
    method: "PATCH",
    path,
    query,
    body: object,
    contentType: "application/apply-patch+yaml",
  });
  const same = before?.metadata.resourceVersion === after.metadata.resourceVersion;
  return { verdict: before === undefined ? "created" : same ? "unchanged" : "configured", what, object: after };
};

/** Deletes the object, and what it owns behind it. */
export const deleteObject = async (connection: Connection, object: KubeObject): Promise<Applied> => {
  const { path, what } = await placeOf(connection, object);
  await connection.client.call({ method: "DELETE", path, query: { propagationPolicy: "Background" } });
  return { verdict: "deleted", what, object: undefined };
};
