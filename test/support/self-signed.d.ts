/** A certificate for 127.0.0.1 that is its own authority, for servers in tests. */
export declare const selfSigned: () => Promise<{
  key: string;
  cert: string;
}>;
