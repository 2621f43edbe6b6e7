import type { VersionPack } from "../../api/pack/version-pack.ts";
import type { Registry } from "../registry/registry.ts";
import { servedBuiltIn, servedCustom, type ServedResource } from "./served-resource.ts";

/** All that is served: what the release brings, what CustomResourceDefinitions add, and what this server answers besides. */
export class ServedResources {
  /** What the release brings. */
  readonly builtIn: readonly ServedResource[];
  /** What handlers answer that are no part of the release. */
  readonly #endpoints: readonly ServedResource[];
  /** Those of them that lists of groups do not name. */
  readonly #unlisted: readonly ServedResource[];
  readonly #registry: Registry;
  #byName: ReadonlyMap<string, ServedResource> | undefined;
  #generation = 0;

  constructor(pack: VersionPack, registry: Registry, endpoints: readonly ServedResource[] = [], unlisted: readonly ServedResource[] = []) {
    this.#endpoints = [...endpoints, ...unlisted];
    this.#unlisted = unlisted;
    this.builtIn = pack.resources.map(servedBuiltIn);
    this.#registry = registry;
    registry.onChange(() => {
      this.#byName = undefined;
      this.#generation++;
    });
  }

  /** Changes whenever something is served anew, or no longer. */
  get generation(): number {
    return this.#generation;
  }

  find(group: string, version: string, resource: string): ServedResource | undefined {
    return this.#all().get(`${group}/${version}/${resource}`);
  }

  /**
   * What lists of groups name. What is unlisted is found by who asks for its group by name, so that a cluster's groups are those of any other.
   */
  all(): Iterable<ServedResource> {
    return [...this.#all().values()].filter((each) => !this.#unlisted.includes(each));
  }

  /** The resources of a group version, by name; empty where there is no such group version. */
  of(group: string, version: string): readonly ServedResource[] {
    return [...this.#all().values()]
      .filter((each) => each.group === group && each.version === version)
      .sort((a, b) => (a.resource < b.resource ? -1 : 1));
  }

  /** A group that no list of groups names. */
  besides(group: string): { readonly name: string; readonly versions: readonly string[] } | undefined {
    const versions = [...new Set(this.#unlisted.filter((each) => each.group === group).map(({ version }) => version))];
    return versions.length > 0 ? { name: group, versions } : undefined;
  }

  /** Whether the release itself serves the group. */
  isBuiltInGroup(group: string): boolean {
    return this.builtIn.some((each) => each.group === group);
  }

  #all(): ReadonlyMap<string, ServedResource> {
    if (this.#byName) return this.#byName;
    const custom = this.#registry
      .all()
      .filter((entry) => entry.custom !== undefined)
      .map(servedCustom);
    this.#byName = new Map(
      [...this.builtIn, ...this.#endpoints, ...custom].map((each) => [`${each.group}/${each.version}/${each.resource}`, each]),
    );
    return this.#byName;
  }
}
