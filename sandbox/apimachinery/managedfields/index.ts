export type { ApplyRequest, UpdateRequest, VersionedSchemas } from "./door.ts";
export { apply } from "./apply.ts";
export { managerOf } from "./manager-name.ts";
export { fromScale, replicasPath, toScale, type ReplicasPaths } from "./scale.ts";
export { trackUpdate, withManagedFields, withoutNewTimes } from "./update.ts";
