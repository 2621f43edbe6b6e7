import { homedir } from "node:os";
import { join } from "node:path";

/** Where the command keeps what outlives it: `DRYDOCK_HOME`, or `~/.drydock`. */
export const drydockHome = (): string => process.env["DRYDOCK_HOME"] ?? join(homedir(), ".drydock");
