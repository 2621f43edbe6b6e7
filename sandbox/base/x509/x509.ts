import { webcrypto } from "node:crypto";
import type * as x509 from "@peculiar/x509";

let loaded: Promise<typeof x509> | undefined;

/** The certificates' library, loaded when a certificate is made or read for the first time: it costs a start more than all else. */
export const loadX509 = (): Promise<typeof x509> => (loaded ??= load());

const load = async (): Promise<typeof x509> => {
  // The library's dependency injection needs this before it is loaded itself.
  await import("reflect-metadata");
  const library = await import("@peculiar/x509");
  library.cryptoProvider.set(webcrypto as never);
  return library;
};
