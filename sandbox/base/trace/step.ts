/**
 * A named step within a reconcile or a scheduling cycle. `state` is what the step looked at, the result is what it decided; a
 * tracer may show either. Runs `decide` and returns its result.
 */
export type Step = <State, Result>(name: string, state: State, decide: () => Result) => Result;

/** Nobody is looking. */
export const untraced: Step = (_name, _state, decide) => decide();
