import type { PersistentVolumeClaimSpec } from "../../../../api/types.ts";
import type { Draft } from "../../../../apimachinery/meta/types.ts";
import type { StrategyContext } from "../../strategy.ts";

type Spec = PersistentVolumeClaimSpec;

/** The old field takes claims and snapshots only; what else stands there is dropped, unless it was stored so. */
const isKnownSource = ({ dataSource }: Spec): boolean =>
  (dataSource?.kind === "PersistentVolumeClaim" && !dataSource.apiGroup) ||
  (dataSource?.kind === "VolumeSnapshot" && dataSource.apiGroup === "snapshot.storage.k8s.io");

/** Old and new field say the same (EnforceDataSourceBackwardsCompatibility, NormalizeDataSources). */
export const syncDataSources = (spec: Draft<Spec>, previous: Spec | undefined): void => {
  if (spec.dataSource && !previous?.dataSource && !previous?.dataSourceRef && !isKnownSource(spec)) delete spec.dataSource;
  const { dataSource, dataSourceRef } = spec;
  if (dataSource && !dataSourceRef) spec.dataSourceRef = { ...dataSource };
  else if (dataSourceRef && !dataSource && !dataSourceRef.namespace) {
    const { namespace: _namespace, ...reference } = dataSourceRef;
    spec.dataSource = reference;
  }
};

/** DropDisabledFields. */
export const dropDisabledClaimFields = (
  spec: Draft<Spec>,
  previous: Spec | undefined,
  { enabled }: Pick<StrategyContext, "enabled">,
): void => {
  if (!enabled("VolumeAttributesClass") && previous?.volumeAttributesClassName === undefined) delete spec.volumeAttributesClassName;
  if (!enabled("CrossNamespaceVolumeDataSource") && spec.dataSourceRef?.namespace && !previous?.dataSourceRef?.namespace)
    delete spec.dataSourceRef;
};
