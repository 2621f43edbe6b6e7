/**
 * Why a plugin said no (framework.Code): `Unschedulable` may be cured by removing pods, `UnschedulableAndUnresolvable`
 * not, `Pending` waits for something that is under way, `Error` is a failure that is worth another try.
 */
export type RejectionCode = "Unschedulable" | "UnschedulableAndUnresolvable" | "Pending" | "Error";

/** "No", as a verdict (framework.Status). `undefined` stands for yes. */
export interface Rejection {
  readonly code: RejectionCode;
  /** The plugin that said it; empty for the framework itself. */
  readonly plugin: string;
  readonly reasons: readonly string[];
}

/** A plugin's answer: nothing means that it agrees. */
export type Verdict = Rejection | undefined;

export const unschedulable = (plugin: string, ...reasons: readonly string[]): Rejection => ({ code: "Unschedulable", plugin, reasons });

export const unresolvable = (plugin: string, ...reasons: readonly string[]): Rejection => ({
  code: "UnschedulableAndUnresolvable",
  plugin,
  reasons,
});

export const failed = (plugin: string, ...reasons: readonly string[]): Rejection => ({ code: "Error", plugin, reasons });

/** Status.Message: the reasons in one line. */
export const messageOf = ({ reasons }: Rejection): string => reasons.join(", ");
