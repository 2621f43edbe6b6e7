import { agnhostPrograms } from "./agnhost/agnhost.ts";
import type { Program } from "./command.ts";
import { filePrograms } from "./files.ts";
import { netPrograms } from "./net.ts";
import { listedBy, systemPrograms } from "./system.ts";
import { textPrograms } from "./text.ts";

/** The programs of a simulated container, by name. */
export const commands: ReadonlyMap<string, Program> = new Map(
  Object.entries({ ...textPrograms, ...filePrograms, ...systemPrograms, ...netPrograms, ...agnhostPrograms }),
);

listedBy(() => [...commands.keys(), "sh", "cd", "export", "read", "trap", "set"].sort());
