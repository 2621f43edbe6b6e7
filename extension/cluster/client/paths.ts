import type { ResourceType } from "../../../sandbox/index.ts";

/** Where an object lives. `namespace` is absent for cluster-scoped kinds; `name` for the whole collection. */
export interface Where {
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

/** What the API needs to know of a kind to make a path. */
export type Addressed = Pick<ResourceType, "group" | "version" | "resource">;

/** `/apis/apps/v1/namespaces/shop/deployments/web/scale`. */
export const pathOf = ({ group, version, resource }: Addressed, { namespace, name, subresource }: Where = {}): string => {
  const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  const parts = [
    ...(namespace === undefined ? [] : ["namespaces", namespace]),
    resource,
    ...(name === undefined ? [] : [name]),
    ...(subresource === undefined ? [] : [subresource]),
  ];
  return [root, ...parts.map(encodeURIComponent)].join("/");
};
