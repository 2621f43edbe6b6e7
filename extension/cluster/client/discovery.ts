import type { KubeObject } from "../../../sandbox/index.ts";
import type { ApiClient } from "./api-client.ts";
import { pathOf, type Addressed } from "./paths.ts";

/** A kind as the server serves it: enough to make its paths. */
export interface ServedKind extends Addressed {
  readonly kind: string;
  readonly namespaced: boolean;
}

interface APIResourceList {
  readonly resources: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean }[];
}

/** Which resource a kind is, asked once for each group and version; asked again when a kind is not found, for it may be a new CRD's. */
export class Discovery {
  readonly #client: ApiClient;
  readonly #known = new Map<string, Promise<readonly ServedKind[]>>();

  constructor(client: ApiClient) {
    this.#client = client;
  }

  /** The served kind, or undefined when the server has none of that name. */
  async find(apiVersion: string, kind: string): Promise<ServedKind | undefined> {
    const search = async () => (await this.#kindsOf(apiVersion)).find((each) => each.kind === kind);
    const found = await search();
    if (found !== undefined) return found;
    this.#known.delete(apiVersion);
    return search();
  }

  /** The path of this object: its kind found, its namespace filled in. */
  async pathOf(object: KubeObject): Promise<{ readonly served: ServedKind; readonly path: string } | undefined> {
    const served = await this.find(object.apiVersion ?? "", object.kind ?? "");
    if (served === undefined) return undefined;
    const { name, namespace = this.#client.namespace } = object.metadata;
    return { served, path: pathOf(served, { name, ...(served.namespaced ? { namespace } : {}) }) };
  }

  #kindsOf(apiVersion: string): Promise<readonly ServedKind[]> {
    const known = this.#known.get(apiVersion);
    if (known !== undefined) return known;
    const asked = this.#ask(apiVersion);
    this.#known.set(apiVersion, asked);
    asked.catch(() => this.#known.delete(apiVersion));
    return asked;
  }

  async #ask(apiVersion: string): Promise<readonly ServedKind[]> {
    const [group, version] = apiVersion.includes("/") ? (apiVersion.split("/", 2) as [string, string]) : ["", apiVersion];
    const path = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
    const list = await this.#client.call<APIResourceList>({ path }).catch(() => ({ resources: [] }));
    return list.resources
      .filter(({ name }) => !name.includes("/"))
      .map(({ name, kind, namespaced }) => ({ group, version, resource: name, kind, namespaced }));
  }
}
