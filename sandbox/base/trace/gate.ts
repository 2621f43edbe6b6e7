import type { Cause } from "./cause.ts";

/** An API call about to be made. */
export interface HeldCall {
  readonly verb: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  /** The object or patch that is sent. */
  readonly body?: unknown;
  readonly cause: Cause;
}

/** What whoever held a call wants done with it. */
export type Verdict =
  | { readonly kind: "go"; readonly body?: unknown }
  | { readonly kind: "skip" }
  | { readonly kind: "fail"; readonly code: number; readonly message: string };

/**
 * Every call of a component passes a gate. An open gate answers undefined at once and costs nothing; a closed
 * one holds the call until the debugger lets it go.
 */
export interface Gate {
  hold(call: HeldCall): Promise<Verdict> | undefined;
}
