import { createWriteStream, openSync } from "node:fs";

/** Appends lines to a file that only its owner may read; `-` is standard output. Throws when it cannot be opened. */
export const auditLogFile = (path: string): { readonly write: (line: string) => void } => {
  const stream = path === "-" ? process.stdout : createWriteStream(path, { fd: openSync(path, "a", 0o600) });
  return { write: (line) => void stream.write(`${line}\n`) };
};
