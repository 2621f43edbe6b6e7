export { applyJsonPatch, surprisesInJsonPatch } from "./json-patch.ts";
export { applyMergePatch } from "./merge-patch.ts";
export { invalidPatch, strictMessage } from "./refusals.ts";
export { patchStrategically, type StrategicPatch } from "./patch-strategically.ts";
