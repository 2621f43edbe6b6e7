import { isSemanticallyEqual } from "../../apimachinery/equality/equality.ts";
import { selectorOf } from "../../apimachinery/labels/label-selector.ts";
import { clusterRoles } from "../../api/resources.ts";
import type { ClusterRole, PolicyRule } from "../../api/types.ts";
import { defineController } from "../framework/define-controller.ts";
import { mapped } from "../framework/watches.ts";

/** Fills aggregated ClusterRoles with the rules of those that their selectors match. */
export const clusterRoleAggregationController = defineController<ClusterRole>({
  name: "clusterrole-aggregation-controller",
  alias: "clusterrole-aggregation",
  reconciles: clusterRoles,
  wants: () => false,
  watches: [
    mapped(clusterRoles, (_change, { cache }) =>
      cache
        .list(clusterRoles)
        .filter(isAggregated)
        .map(({ metadata }) => metadata.name ?? ""),
    ),
  ],
  async reconcile(name, { cache, client }) {
    const role = cache.get(clusterRoles, name);
    if (!role || !isAggregated(role)) return;
    const rules: PolicyRule[] = [];
    const sources = cache.list(clusterRoles).toSorted((a, b) => ((a.metadata.name ?? "") < (b.metadata.name ?? "") ? -1 : 1));
    for (const selector of role.aggregationRule?.clusterRoleSelectors ?? []) {
      const wanted = selectorOf(selector);
      for (const source of sources) {
        if (source.metadata.name === name || !wanted.matches(source.metadata.labels)) continue;
        for (const rule of source.rules ?? []) if (!rules.some((known) => isSemanticallyEqual(known, rule))) rules.push(rule);
      }
    }
    if (isSemanticallyEqual(rules, role.rules)) return;
    const applied = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name }, rules } as ClusterRole;
    await client.apply(clusterRoles, applied, { fieldManager: "clusterrole-aggregation-controller", force: true });
  },
});

const isAggregated = ({ aggregationRule }: ClusterRole): boolean => aggregationRule !== undefined && aggregationRule !== null;
