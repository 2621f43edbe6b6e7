import type { PersistentVolumeClaimSpec } from "../../../../api/types.ts";
import { fractionalBytesWarnings } from "../podspec/fractional-bytes.ts";

/** GetWarningsForPersistentVolumeClaimSpec. */
export const claimSpecWarnings = (spec: PersistentVolumeClaimSpec, path: string): string[] => [
  ...fractionalBytesWarnings(spec.resources?.requests, ["storage"], `${path}.resources.requests`),
  ...fractionalBytesWarnings(spec.resources?.limits, ["storage"], `${path}.resources.limits`),
];
