import type { ObjectSchema } from "../../apimachinery/schema/schema.ts";
import { packs } from "../generated/packs.ts";
import { loadDescriptions } from "../generated/descriptions.ts";
import type { PackedResource, PackFile } from "./format.ts";
import { SchemaBuilder } from "./schema-builder.ts";
import type { BuiltInResource, Descriptions, GroupVersionKind, VersionPack } from "./version-pack.ts";

/** A release that can be served: `1.32`, `1.36`. */
export type PackVersion = keyof typeof packs;

export const packVersions = Object.keys(packs) as readonly PackVersion[];

const loaded = new Map<PackVersion, VersionPack>();

/** What Drydock knows of a release of Kubernetes; read once. Some milliseconds. */
export const loadPack = (version: PackVersion): VersionPack => {
  const known = loaded.get(version);
  if (known !== undefined) return known;
  const pack = new Pack(JSON.parse(packs[version]) as PackFile);
  loaded.set(version, pack);
  return pack;
};

/** Kinds that upstream registers in every group version. */
const everywhere = new Set(["CreateOptions", "DeleteOptions", "GetOptions", "ListOptions", "PatchOptions", "UpdateOptions", "WatchEvent"]);
const metaKinds = new Set(["APIGroup", "APIGroupList", "APIResourceList", "APIVersions", "Status"]);
const metaPackage = "io.k8s.apimachinery.pkg.apis.meta.v1";

class Pack implements VersionPack {
  readonly version: string;
  readonly resources: readonly BuiltInResource[];
  readonly kinds: readonly (GroupVersionKind & { readonly schemaName: string })[];
  readonly schemaNames: readonly string[];
  readonly #file: PackFile;
  readonly #builder: SchemaBuilder;
  readonly #byName: ReadonlyMap<string, BuiltInResource>;

  constructor(file: PackFile) {
    this.#file = file;
    this.#builder = new SchemaBuilder(file.schemas);
    this.version = file.version;
    this.resources = resourcesOf(file.resources);
    this.schemaNames = Object.keys(file.schemas);
    this.#byName = new Map(this.resources.map((each) => [`${each.group}/${each.version}/${each.resource}`, each]));
    this.kinds = Object.entries(file.kinds).flatMap(([apiVersion, kinds]) => {
      const [group, version] = apiVersion.includes("/") ? (apiVersion.split("/") as [string, string]) : ["", apiVersion];
      return Object.entries(kinds).map(([kind, schemaName]) => ({ group, version, kind, schemaName }));
    });
  }

  schemaOf(apiVersion: string, kind: string): ObjectSchema | undefined {
    const kinds = Object.hasOwn(this.#file.kinds, apiVersion) ? this.#file.kinds[apiVersion] : undefined;
    if (kinds !== undefined && Object.hasOwn(kinds, kind)) return this.#builder.named(kinds[kind]!);
    return everywhere.has(kind) && this.#file.registered[apiVersion] !== undefined
      ? this.#builder.named(`${metaPackage}.${kind}`)
      : undefined;
  }

  schemaNamed(name: string): ObjectSchema | undefined {
    return this.#builder.named(name);
  }

  isRegistered(apiVersion: string, kind: string): boolean {
    if (!Object.hasOwn(this.#file.registered, apiVersion))
      return Object.hasOwn(this.#file.kinds, apiVersion) && Object.hasOwn(this.#file.kinds[apiVersion]!, kind);
    return this.#file.registered[apiVersion]!.includes(kind) || everywhere.has(kind) || (apiVersion === "v1" && metaKinds.has(kind));
  }

  resource(group: string, version: string, resource: string): BuiltInResource | undefined {
    return this.#byName.get(`${group}/${version}/${resource}`);
  }

  descriptions(): Promise<Descriptions> {
    return loadDescriptions(this.version as PackVersion);
  }
}

const resourcesOf = (rows: readonly PackedResource[]): readonly BuiltInResource[] =>
  rows
    .filter(({ resource }) => !resource.includes("/"))
    .map(({ kindGroup: _group, kindVersion: _version, ...resource }) => ({
      ...resource,
      singular: resource.kind.toLowerCase(),
      subresources: rows
        .filter(
          (row) => row.group === resource.group && row.version === resource.version && row.resource.startsWith(`${resource.resource}/`),
        )
        .map(({ resource: name, kind, kindGroup, kindVersion, verbs }) => ({
          name: name.slice(resource.resource.length + 1),
          kind,
          kindGroup,
          kindVersion,
          verbs,
        })),
    }));
