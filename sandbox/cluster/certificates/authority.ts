import { randomBytes, webcrypto } from "node:crypto";
import type * as X509 from "@peculiar/x509";
import { loadX509 } from "../../base/x509/x509.ts";

/** A certificate and its private key, in PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

export interface CertificateRequest {
  readonly commonName: string;
  /** Groups, for client certificates. */
  readonly organizations?: readonly string[];
  readonly usages: readonly ("server" | "client")[];
  /** Names and addresses of a server. */
  readonly dnsNames?: readonly string[];
  readonly addresses?: readonly string[];
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const dayMs = 24 * 3_600_000;
const lifeOf = { authority: 3650 * dayMs, certificate: 365 * dayMs };
/** Clients whose clock runs a little behind take a new certificate too. */
const leewayMs = 5 * 60_000;

const x509: typeof X509 = await loadX509();

/** Signs certificates: an authority of the cluster's own. Times are real ones, since clients judge them by their own clocks. */
export class CertificateAuthority {
  readonly pair: KeyPair;
  readonly #certificate: X509.X509Certificate;
  readonly #key: webcrypto.CryptoKey;

  private constructor(pair: KeyPair, certificate: X509.X509Certificate, key: webcrypto.CryptoKey) {
    this.pair = pair;
    this.#certificate = certificate;
    this.#key = key;
  }

  /** A new authority. `now` in milliseconds since the epoch. */
  static async create(commonName: string, now: number): Promise<CertificateAuthority> {
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: serialNumber(),
      name: [{ CN: [commonName] }],
      notBefore: new Date(now - leewayMs),
      notAfter: new Date(now + lifeOf.authority),
      signingAlgorithm: algorithm,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(
          x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment | x509.KeyUsageFlags.keyCertSign,
          true,
        ),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    return new CertificateAuthority(
      { certificate: pemOf(certificate), key: await privatePem(keys.privateKey) },
      certificate,
      keys.privateKey,
    );
  }

  /** The authority of a pair that was kept. */
  static async load(pair: KeyPair): Promise<CertificateAuthority> {
    const der = x509.PemConverter.decodeFirst(pair.key);
    const key = await webcrypto.subtle.importKey("pkcs8", der, algorithm, true, ["sign"]);
    return new CertificateAuthority(pair, new x509.X509Certificate(pair.certificate), key);
  }

  async issue(
    { commonName, organizations = [], usages, dnsNames = [], addresses = [] }: CertificateRequest,
    now: number,
  ): Promise<KeyPair> {
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const names = [
      ...dnsNames.map((value) => ({ type: "dns" as const, value })),
      ...addresses.map((value) => ({ type: "ip" as const, value })),
    ];
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: serialNumber(),
      subject: [...(organizations.length > 0 ? [{ O: [...organizations] }] : []), { CN: [commonName] }],
      issuer: this.#certificate.subject,
      notBefore: new Date(now - leewayMs),
      notAfter: new Date(now + lifeOf.certificate),
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey,
      signingKey: this.#key,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment, true),
        new x509.ExtendedKeyUsageExtension(usages.map((usage) => x509.ExtendedKeyUsage[usage === "server" ? "serverAuth" : "clientAuth"])),
        await x509.AuthorityKeyIdentifierExtension.create(this.#certificate.publicKey),
        ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
      ],
    });
    return { certificate: pemOf(certificate), key: await privatePem(keys.privateKey) };
  }
}

const pemOf = (certificate: X509.X509Certificate): string => `${certificate.toString("pem")}\n`;

const privatePem = async (key: webcrypto.CryptoKey): Promise<string> =>
  `${x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY")}\n`;

/** Positive, and not longer than 20 bytes. */
const serialNumber = (): string => `4${randomBytes(15).toString("hex").slice(1)}`;
