import { configMaps, persistentVolumeClaims, persistentVolumes, secrets, serviceAccounts } from "../../api/resources.ts";
import type { Container, KeyToPath, Pod, TokenRequest, Volume, VolumeProjection } from "../../api/types.ts";
import { hasReason } from "../../apimachinery/errors/status.ts";
import type { KubeObject, ResourceType } from "../../apimachinery/meta/types.ts";
import type { Client } from "../../client/client.ts";
import type { Mount } from "../../cri/cri.ts";
import type { HostFiles } from "../../cri/host-files.ts";
import { ContainerConfigError } from "../container/environment.ts";
import { expanded } from "../container/expansion.ts";
import { podField, resourceField, type NodeFacts } from "../container/downward-api.ts";
import { podDirectoryOf, terminationLogOf } from "../pod-facts.ts";

/** A volume cannot be mounted now: event FailedMount, with these words; tried again. */
export class MountError extends Error {
  readonly volume: string;
  constructor(volume: string, message: string) {
    super(message);
    this.volume = volume;
  }
}

interface VolumeFile {
  readonly path: string;
  readonly content: Uint8Array;
  readonly mode: number;
  /** Whose it is; root's where nothing is said. */
  readonly uid?: number | undefined;
  /** In place of the content: made when somebody reads it, where the node's files allow that. */
  readonly make?: () => Promise<Uint8Array>;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const plugins: readonly (readonly [keyof Volume, string])[] = [
  ["configMap", "configmap"],
  ["secret", "secret"],
  ["projected", "projected"],
  ["downwardAPI", "downward-api"],
  ["emptyDir", "empty-dir"],
  ["hostPath", "host-path"],
  ["persistentVolumeClaim", "local-volume"],
  ["ephemeral", "local-volume"],
  ["csi", "csi"],
  ["nfs", "nfs"],
];

/** Where a volume's files are on the node. */
export const volumePath = (pod: Pod, volume: Volume): string => {
  if (volume.hostPath) return volume.hostPath.path;
  const plugin =
    volume.emptyDir?.medium === "Memory"
      ? "empty-dir-memory"
      : (plugins.find(([source]) => volume[source] !== undefined)?.[1] ?? "unknown");
  return `${podDirectoryOf(pod)}/volumes/kubernetes.io~${plugin}/${volume.name}`;
};

/** Makes the volumes of pods: files on the node, written anew when what they show has changed. */
export class VolumeManager {
  readonly #client: Client;
  readonly #files: HostFiles;
  /** What was written last, by path: only what changed is written again. */
  readonly #written = new Map<string, string>();

  constructor(client: Client, files: HostFiles) {
    this.#client = client;
    this.#files = files;
  }

  /** Makes every volume ready. Answers the host folder of each, by the volume's name. Throws MountError for the first that cannot be had. */
  async mount(pod: Pod, facts: NodeFacts): Promise<ReadonlyMap<string, string>> {
    const paths = new Map<string, string>();
    for (const volume of pod.spec?.volumes ?? []) paths.set(volume.name, await this.#mountOne(pod, volume, facts));
    return paths;
  }

  async unmount(pod: Pod): Promise<void> {
    const folder = podDirectoryOf(pod);
    for (const path of this.#written.keys()) if (path.startsWith(`${folder}/`)) this.#written.delete(path);
    await this.#files.remove(folder);
  }

  async #mountOne(pod: Pod, volume: Volume, facts: NodeFacts): Promise<string> {
    const path = volumePath(pod, volume);
    if (volume.persistentVolumeClaim || volume.ephemeral) return this.#claimPath(pod, volume);
    if (volume.hostPath) {
      const { type } = volume.hostPath;
      if (type === "DirectoryOrCreate" || type === undefined || type === "") await this.#files.makeDirectory(path);
      if (type === "Directory" && (await this.#files.list(path)) === undefined)
        throw new MountError(volume.name, `hostPath type check failed: ${path} is not a directory`);
      if (type === "File" && (await this.#files.read(path)) === undefined)
        throw new MountError(volume.name, `hostPath type check failed: ${path} is not a file`);
      return path;
    }
    const gid = pod.spec?.securityContext?.fsGroup;
    await this.#files.makeDirectory(path, gid === undefined ? 0o777 : 0o2777, { gid });
    const { configMap, secret, downwardAPI, projected } = volume;
    if (configMap)
      await this.#write(
        pod,
        path,
        await this.#configMapFiles(pod, volume.name, configMap.name ?? "", configMap.items, configMap.optional, configMap.defaultMode),
      );
    else if (secret)
      await this.#write(
        pod,
        path,
        await this.#secretFiles(pod, volume.name, secret.secretName ?? "", secret.items, secret.optional, secret.defaultMode),
      );
    else if (downwardAPI) await this.#write(pod, path, downwardFiles(pod, downwardAPI.items ?? [], facts, downwardAPI.defaultMode));
    else if (projected) {
      const parts: VolumeFile[] = [];
      for (const source of projected.sources ?? [])
        parts.push(...(await this.#projectedFiles(pod, volume.name, source, facts, projected.defaultMode)));
      await this.#write(pod, path, parts);
    }
    return path;
  }

  async #write(pod: Pod, folder: string, files: readonly VolumeFile[]): Promise<void> {
    const gid = pod.spec?.securityContext?.fsGroup;
    const wanted = new Map(files.map((file) => [`${folder}/${file.path}`, file]));
    for (const [path, { content, mode: asked, uid, make }] of wanted) {
      // The group may always read what is given to it (SetVolumeOwnership on read-only volumes).
      const mode = gid === undefined ? asked : asked | 0o440;
      const owner = { uid, gid };
      if (make) {
        if (this.#written.has(path)) continue;
        if (this.#files.writeLater) this.#files.writeLater(path, make, mode, owner);
        else await this.#files.write(path, await make(), mode, owner);
        this.#written.set(path, "made");
        continue;
      }
      const print = `${mode}:${Buffer.from(content).toString("latin1")}`;
      if (this.#written.get(path) === print) continue;
      await this.#files.write(path, content, mode, owner);
      this.#written.set(path, print);
    }
    for (const path of this.#written.keys()) {
      if (!path.startsWith(`${folder}/`) || wanted.has(path)) continue;
      await this.#files.remove(path);
      this.#written.delete(path);
    }
  }

  async #read<T extends KubeObject>(
    type: ResourceType<T>,
    pod: Pod,
    volume: string,
    name: string,
    optional: boolean | undefined,
  ): Promise<T | undefined> {
    try {
      return await this.#client.get(type, { namespace: pod.metadata.namespace!, name });
    } catch (error) {
      if (!hasReason(error, "NotFound")) throw new MountError(volume, (error as Error).message);
      if (optional) return undefined;
      throw new MountError(volume, `${type.kind.toLowerCase()} "${name}" not found`);
    }
  }

  async #configMapFiles(
    pod: Pod,
    volume: string,
    name: string,
    items: readonly KeyToPath[] | undefined,
    optional: boolean | undefined,
    mode = 0o644,
  ): Promise<readonly VolumeFile[]> {
    const found = await this.#read(configMaps, pod, volume, name, optional);
    const data = new Map([
      ...Object.entries(found?.data ?? {}).map(([key, value]) => [key, bytes(value)] as const),
      ...Object.entries(found?.binaryData ?? {}).map(([key, value]) => [key, Buffer.from(value, "base64")] as const),
    ]);
    return chosen(data, items, optional || !found, mode, volume, "configmap references non-existent config key");
  }

  async #secretFiles(
    pod: Pod,
    volume: string,
    name: string,
    items: readonly KeyToPath[] | undefined,
    optional: boolean | undefined,
    mode = 0o644,
  ): Promise<readonly VolumeFile[]> {
    const found = await this.#read(secrets, pod, volume, name, optional);
    const data = new Map(
      Object.entries(found?.data ?? {}).map(([key, value]) => [key, Buffer.from(value, "base64") as Uint8Array] as const),
    );
    return chosen(data, items, optional || !found, mode, volume, "references non-existent secret key");
  }

  async #projectedFiles(
    pod: Pod,
    volume: string,
    source: VolumeProjection,
    facts: NodeFacts,
    mode = 0o644,
  ): Promise<readonly VolumeFile[]> {
    const { configMap, secret, downwardAPI, serviceAccountToken: token } = source;
    if (configMap) return this.#configMapFiles(pod, volume, configMap.name ?? "", configMap.items, configMap.optional, mode);
    if (secret) return this.#secretFiles(pod, volume, secret.name ?? "", secret.items, secret.optional, mode);
    if (downwardAPI) return downwardFiles(pod, downwardAPI.items ?? [], facts, mode);
    if (!token) return [];
    const { name = "", namespace = "", uid = "" } = pod.metadata;
    const request = {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      metadata: {},
      spec: {
        ...(token.audience && { audiences: [token.audience] }),
        expirationSeconds: token.expirationSeconds ?? 3600,
        boundObjectRef: { apiVersion: "v1", kind: "Pod", name, uid },
      },
    };
    const make = async (): Promise<Uint8Array> => {
      try {
        const place = { namespace, name: pod.spec?.serviceAccountName ?? "default" };
        const answer = await this.#client.post<KubeObject, TokenRequest>(serviceAccounts, place, "token", request);
        return bytes(answer.status?.token ?? "");
      } catch (error) {
        throw new MountError(volume, `failed to fetch token: ${(error as Error).message}`);
      }
    };
    const user = commonUserOf(pod);
    const guarded = user !== undefined || pod.spec?.securityContext?.fsGroup !== undefined;
    return [{ path: token.path, content: new Uint8Array(), mode: guarded ? 0o600 : mode, uid: user, make }];
  }

  /** A claim's folder on the node: local and hostPath volumes as they are, every other kind as a folder of the volume's own. */
  async #claimPath(pod: Pod, volume: Volume): Promise<string> {
    const claimName = volume.persistentVolumeClaim?.claimName ?? `${pod.metadata.name ?? ""}-${volume.name}`;
    const claim = await this.#read(persistentVolumeClaims, pod, volume.name, claimName, false);
    const bound = claim?.spec?.volumeName;
    if (claim?.status?.phase !== "Bound" || !bound)
      throw new MountError(volume.name, `PersistentVolumeClaim is not bound: "${pod.metadata.namespace ?? ""}/${claimName}"`);
    const { spec } = await this.#client.get(persistentVolumes, { name: bound });
    const path = spec?.hostPath?.path ?? spec?.local?.path ?? `/var/lib/drydock/volumes/${bound}`;
    await this.#files.makeDirectory(path);
    return path;
  }
}

/** The user that all containers run as, if it is one: the token then belongs to it (upstream's FsUserFrom). */
const commonUserOf = ({ spec }: Pod): number | undefined => {
  const users = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].map(
    ({ securityContext }) => securityContext?.runAsUser ?? spec?.securityContext?.runAsUser,
  );
  return users.every((user) => user === users[0]) ? users[0] : undefined;
};

const chosen = (
  data: ReadonlyMap<string, Uint8Array>,
  items: readonly KeyToPath[] | undefined,
  optional: boolean | undefined,
  mode: number,
  volume: string,
  complaint: string,
): readonly VolumeFile[] => {
  if (!items || items.length === 0) return [...data].map(([path, content]) => ({ path, content, mode }));
  return items.flatMap(({ key, path, mode: own = mode }) => {
    const content = data.get(key);
    if (content) return [{ path, content, mode: own }];
    if (optional) return [];
    throw new MountError(volume, `${complaint}: ${key}`);
  });
};

const downwardFiles = (
  pod: Pod,
  items: NonNullable<NonNullable<Volume["downwardAPI"]>["items"]>,
  facts: NodeFacts,
  mode = 0o644,
): readonly VolumeFile[] =>
  items.map(({ path, fieldRef, resourceFieldRef, mode: own = mode }) => {
    const container = pod.spec.containers.find(({ name }) => name === resourceFieldRef?.containerName) ?? pod.spec.containers[0]!;
    const text = fieldRef
      ? podField(pod, fieldRef.fieldPath, facts)
      : resourceFieldRef
        ? resourceField(pod, container, resourceFieldRef, facts)
        : "";
    return { path, content: bytes(text ?? ""), mode: own };
  });

/** Folders that a container mounts a part of, and that are not there yet, are made. */
export const makeSubPaths = async (
  pod: Pod,
  { volumeMounts = [] }: Container,
  mounts: readonly Mount[],
  files: HostFiles,
): Promise<void> => {
  const gid = pod.spec?.securityContext?.fsGroup;
  for (const { mountPath, subPath, subPathExpr } of volumeMounts) {
    if (!subPath && !subPathExpr) continue;
    const path = mounts.find(({ containerPath }) => containerPath === mountPath)?.hostPath;
    if (path === undefined || (await files.read(path)) || (await files.list(path))) continue;
    await files.makeDirectory(path, gid === undefined ? 0o777 : 0o2777, { gid });
  }
};

/** A part of a volume as CRI is told of it. Throws ContainerConfigError for one that leads out of the volume. */
const partOf = (path: string, within: string | undefined): string => {
  if (!within) return path;
  if (within.startsWith("/")) throw new ContainerConfigError(`error SubPath \`${within}\` must not be an absolute path`);
  if (within.split("/").includes("..")) throw new ContainerConfigError(`unable to provision SubPath \`${within}\`: must not contain '..'`);
  return `${path}/${within}`;
};

/** The mounts of a container over the pod's volumes. */
export const mountsOf = (
  pod: Pod,
  container: Container,
  paths: ReadonlyMap<string, string>,
  environment: ReadonlyMap<string, string>,
  attempt: number,
): readonly Mount[] => {
  const own = (container.volumeMounts ?? []).flatMap(({ name, mountPath, subPath, subPathExpr, readOnly }): Mount[] => {
    const path = paths.get(name);
    if (path === undefined) return [];
    const within = subPathExpr ? expanded(subPathExpr, environment) : subPath;
    const projected = pod.spec?.volumes?.find((volume) => volume.name === name);
    const alwaysReadonly = Boolean(projected && (projected.configMap ?? projected.secret ?? projected.downwardAPI ?? projected.projected));
    return [
      {
        containerPath: mountPath.startsWith("/") ? mountPath : `/${mountPath}`,
        hostPath: partOf(path, within),
        readonly: readOnly === true || alwaysReadonly,
      },
    ];
  });
  const managed = (file: string): Mount => ({ containerPath: `/etc/${file}`, hostPath: `${podDirectoryOf(pod)}/etc-${file}` });
  const etc = own.some(({ containerPath }) => containerPath === "/etc/hosts") ? [] : [managed("hosts")];
  const message = container.terminationMessagePath ?? "/dev/termination-log";
  return [...own, ...etc, { containerPath: message, hostPath: terminationLogOf(pod, container.name, attempt) }];
};
