/** A seed from the host, for clusters that were given none. */
export const hostSeed = (): number => Math.floor(Math.random() * 0x1_0000_0000);
