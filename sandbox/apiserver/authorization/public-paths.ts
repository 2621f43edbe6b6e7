import { allow, noOpinion, type Authorizer } from "./authorizer.ts";

/** Paths that everybody may read, whoever they are. */
export const publicPaths = (...paths: readonly string[]): Authorizer => ({
  authorize: ({ resource, path = "", verb }) => (resource === undefined && verb === "get" && paths.includes(path) ? allow() : noOpinion()),
});
