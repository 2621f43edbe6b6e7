import { createPrivateKey, generateKeyPair, X509Certificate, type KeyObject } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CertificateAuthority, CertificateRequest, KeyPair } from "./authority.ts";

/** All keys and certificates of a cluster, in PEM. */
export interface Pki {
  readonly ca: KeyPair;
  readonly frontProxyCa: KeyPair;
  /** The API server's own, as server. */
  readonly apiServer: KeyPair;
  /** The API server's own, as a client of kubelets. */
  readonly kubeletClient: KeyPair;
  /** The API server's own, as a client of aggregated API servers. */
  readonly frontProxyClient: KeyPair;
  /** A member of system:masters. */
  readonly admin: KeyPair;
  /** Signs service account tokens; RSA, made when it is not there yet, beside the rest of a start. */
  readonly serviceAccountKey: Promise<KeyObject>;
}

export interface PkiOptions {
  /** Where they are kept; made anew at each start when absent. */
  readonly directory?: string;
  /** Names and addresses of the API server, besides those of any. */
  readonly dnsNames?: readonly string[];
  readonly addresses: readonly string[];
  /** Milliseconds since the epoch, by the host's clock. */
  readonly now: number;
}

const serverNames = ["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"];
const renewBeforeMs = 30 * 24 * 3_600_000;

/** What is kept, as far as it is there and valid; the rest is made and kept. */
export const loadPki = async (options: PkiOptions): Promise<Pki> => {
  const store = new KeyStore(options.directory, options.now);
  await store.open();
  const ca = await store.authority("ca", "kubernetes");
  const frontProxyCa = await store.authority("front-proxy-ca", "front-proxy-ca");
  const issue = (authority: Authority, name: string, request: CertificateRequest): Promise<KeyPair> =>
    store.certificate(name, authority, request);
  const dnsNames = [...serverNames, ...(options.dnsNames ?? [])];
  const client = ["client"] as const;
  return {
    ca: ca.pair,
    frontProxyCa: frontProxyCa.pair,
    apiServer: await issue(ca, "apiserver", { commonName: "kube-apiserver", usages: ["server"], dnsNames, addresses: options.addresses }),
    kubeletClient: await issue(ca, "apiserver-kubelet-client", {
      commonName: "kube-apiserver-kubelet-client",
      organizations: ["system:masters"],
      usages: client,
    }),
    frontProxyClient: await issue(frontProxyCa, "front-proxy-client", { commonName: "front-proxy-client", usages: client }),
    admin: await issue(ca, "admin", { commonName: "admin", organizations: ["system:masters"], usages: client }),
    serviceAccountKey: store.serviceAccountKey(),
  };
};

interface Authority {
  readonly pair: KeyPair;
  /** The code that signs is loaded with the first certificate that must be made. */
  load(): Promise<CertificateAuthority>;
}

/** Files `NAME.crt` and `NAME.key`, each 0600. */
class KeyStore {
  readonly #directory: string | undefined;
  readonly #now: number;

  constructor(directory: string | undefined, now: number) {
    this.#directory = directory;
    this.#now = now;
  }

  async open(): Promise<void> {
    if (this.#directory !== undefined) await mkdir(this.#directory, { recursive: true, mode: 0o700 });
  }

  async authority(name: string, commonName: string): Promise<Authority> {
    const kept = await this.#read(name);
    if (kept && this.#isValid(kept)) return { pair: kept, load: async () => (await signing()).load(kept) };
    const created = await (await signing()).create(commonName, this.#now);
    await this.#write(name, created.pair);
    return { pair: created.pair, load: () => Promise.resolve(created) };
  }

  async certificate(name: string, authority: Authority, request: CertificateRequest): Promise<KeyPair> {
    const kept = await this.#read(name);
    if (kept && this.#isValid(kept) && isOf(kept, authority, request)) return kept;
    const issued = await (await authority.load()).issue(request, this.#now);
    await this.#write(name, issued);
    return issued;
  }

  async serviceAccountKey(): Promise<KeyObject> {
    const kept = this.#directory === undefined ? undefined : await readFile(join(this.#directory, "sa.key"), "utf8").catch(() => undefined);
    if (kept !== undefined) return createPrivateKey(kept);
    const { privateKey } = await new Promise<{ privateKey: KeyObject }>((resolve, reject) =>
      generateKeyPair("rsa", { modulusLength: 2048 }, (error, _publicKey, key) => (error ? reject(error) : resolve({ privateKey: key }))),
    );
    if (this.#directory !== undefined) await this.#writeFile("sa.key", privateKey.export({ type: "pkcs8", format: "pem" }) as string);
    return privateKey;
  }

  async #read(name: string): Promise<KeyPair | undefined> {
    if (this.#directory === undefined) return undefined;
    try {
      const [certificate, key] = await Promise.all([
        readFile(join(this.#directory, `${name}.crt`), "utf8"),
        readFile(join(this.#directory, `${name}.key`), "utf8"),
      ]);
      return { certificate, key };
    } catch {
      return undefined;
    }
  }

  async #write(name: string, { certificate, key }: KeyPair): Promise<void> {
    if (this.#directory === undefined) return;
    await this.#writeFile(`${name}.key`, key);
    await this.#writeFile(`${name}.crt`, certificate);
  }

  /** All or nothing, so that a start that is cut off leaves no half file. */
  async #writeFile(name: string, content: string): Promise<void> {
    const path = join(this.#directory ?? "", name);
    await writeFile(`${path}.new`, content, { mode: 0o600 });
    await rename(`${path}.new`, path);
  }

  #isValid({ certificate, key }: KeyPair): boolean {
    try {
      const parsed = new X509Certificate(certificate);
      return Date.parse(parsed.validTo) - renewBeforeMs > this.#now && parsed.checkPrivateKey(createPrivateKey(key));
    } catch {
      return false;
    }
  }
}

const signing = async (): Promise<typeof CertificateAuthority> => (await import("./authority.ts")).CertificateAuthority;

const isOf = (
  { certificate }: KeyPair,
  authority: Authority,
  { commonName, dnsNames = [], addresses = [] }: CertificateRequest,
): boolean => {
  const parsed = new X509Certificate(certificate);
  if (!parsed.subject.split("\n").includes(`CN=${commonName}`)) return false;
  if (!parsed.verify(new X509Certificate(authority.pair.certificate).publicKey)) return false;
  return (
    dnsNames.every((name) => parsed.checkHost(name) !== undefined) && addresses.every((address) => parsed.checkIP(address) !== undefined)
  );
};
