import { readFileSync } from "node:fs";
import { open, readFile, rm } from "node:fs/promises";

/** Another process has the folder. */
export class FolderInUseError extends Error {
  constructor(folder: string, pid: number) {
    super(`${folder} is in use by process ${pid}; stop it first, or choose another data folder`);
    this.name = "FolderInUseError";
  }
}

/** When a process started, in the kernel's ticks: tells a reused process id from the one that took the lock. Empty where it cannot be known. */
const startOf = (pid: number): string => {
  try {
    return (
      readFileSync(`/proc/${pid}/stat`, "latin1")
        .replace(/^.*\) /, "")
        .split(" ")[19] ?? ""
    );
  } catch {
    return "";
  }
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};

/** Takes the folder for this process; answers how to give it back. A lock whose process has died is taken over. Throws FolderInUseError. */
export const lockFolder = async (folder: string): Promise<() => Promise<void>> => {
  const path = `${folder}/lock`;
  const mine = `${process.pid} ${startOf(process.pid)}\n`;
  for (let tries = 0; tries < 3; tries++) {
    try {
      const file = await open(path, "wx", 0o600);
      await file.writeFile(mine);
      await file.close();
      return () => rm(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const [pid = "0", start = ""] = (await readFile(path, "latin1").catch(() => "")).trim().split(" ");
    const holder = Number(pid);
    if (holder > 0 && isAlive(holder) && (start === "" || startOf(holder) === start)) throw new FolderInUseError(folder, holder);
    await rm(path, { force: true });
  }
  throw new FolderInUseError(folder, 0);
};
