import { homedir } from "node:os";
import { join } from "node:path";

/** Where fetched tools stay between runs and clones: `DRYDOCK_CACHE`, else the user's cache folder. */
export const cacheFolder = (): string =>
  process.env["DRYDOCK_CACHE"] ?? join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "drydock");
