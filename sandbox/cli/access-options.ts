import { readFile } from "node:fs/promises";
import { auditLogFile } from "../apiserver/audit/log-file.ts";
import { parseAuditPolicy } from "../apiserver/audit/policy.ts";
import type { ClusterOptions } from "../cluster/options.ts";
import { Failure, UsageError, type Arguments, type OptionRule } from "./verb.ts";

/** The API server's own flags about who may what, and what is written down of it. */
export const accessFlags: Readonly<Record<string, OptionRule>> = {
  "audit-policy-file": { value: "FILE", help: "A Policy (audit.k8s.io/v1): what is written down of requests." },
  "audit-log-path": { value: "FILE", help: "Where it is written to, as lines of JSON; - is standard output." },
};

/** Reads what the flags name. Throws Failure of one line. */
export const accessOptions = async (given: Arguments): Promise<Pick<ClusterOptions, "audit">> => ({ ...(await auditOf(given)) });

const auditOf = async (given: Arguments): Promise<Pick<ClusterOptions, "audit">> => {
  const [file, path] = [given.text("audit-policy-file"), given.text("audit-log-path")];
  if (file === undefined && path === undefined) return {};
  if (file === undefined || path === undefined) throw new UsageError("--audit-policy-file and --audit-log-path go together");
  const policy = await attempt(`the audit policy ${file}`, async () => parseAuditPolicy(await readFile(file, "utf8")));
  const { write } = await attempt("the audit log", () => Promise.resolve(auditLogFile(path)));
  return { audit: { policy, write } };
};

const attempt = async <T>(what: string, run: () => Promise<T>): Promise<T> => {
  try {
    return await run();
  } catch (error) {
    throw new Failure(`${what} cannot be used: ${(error as Error).message}`);
  }
};
