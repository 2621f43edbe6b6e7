import type { PersistentVolumeClaimSpec } from "../../../../api/types.ts";
import type { Draft } from "../../../../apimachinery/meta/types.ts";
import { roundAmounts } from "../podspec/round-amounts.ts";

/** SetDefaults_PersistentVolumeClaimSpec. */
export const setClaimSpecDefaults = (spec: Draft<PersistentVolumeClaimSpec>): void => {
  spec.volumeMode ??= "Filesystem";
  spec.resources ??= {};
  roundAmounts(spec.resources.limits);
  roundAmounts(spec.resources.requests);
};
