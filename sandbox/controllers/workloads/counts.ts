/** A count as Go's omitempty writes it: nothing for zero. */
export const unlessZero = (count: number): number | undefined => (count === 0 ? undefined : count);

/** The value with its undefined members left out. */
export const compact = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, held]) => held !== undefined)) as T;
