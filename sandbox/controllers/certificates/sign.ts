import "reflect-metadata";
import { randomBytes, webcrypto, X509Certificate } from "node:crypto";
import type * as X509 from "@peculiar/x509";
import { loadX509 } from "../../base/x509/x509.ts";
import type { Asked } from "./request.ts";

/** Certificates begin a little in the past, for clocks that run behind. */
const BACKDATE_MS = 5 * 60_000;

type Flag = Exclude<keyof typeof X509.KeyUsageFlags, number>;

const keyUsages: Readonly<Record<string, Flag>> = {
  "signing": "digitalSignature",
  "digital signature": "digitalSignature",
  "content commitment": "nonRepudiation",
  "key encipherment": "keyEncipherment",
  "key agreement": "keyAgreement",
  "data encipherment": "dataEncipherment",
  "cert sign": "keyCertSign",
  "crl sign": "cRLSign",
};

const extendedUsages: Readonly<Record<string, "clientAuth" | "serverAuth">> = { "client auth": "clientAuth", "server auth": "serverAuth" };

/** A certificate for what was asked, in PEM, signed by the authority and no longer valid than it. `now` in milliseconds. */
export const signRequest = async (
  authority: { readonly certificate: string; readonly key: string },
  asked: Asked,
  usages: readonly string[],
  lifeMs: number,
  now: number,
): Promise<string> => {
  const x509 = await loadX509();
  const issuer = new x509.X509Certificate(authority.certificate);
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const signingKey = await webcrypto.subtle.importKey("pkcs8", x509.PemConverter.decodeFirst(authority.key), algorithm, false, ["sign"]);
  const flags = usages.reduce((sum, usage) => (keyUsages[usage] === undefined ? sum : sum | x509.KeyUsageFlags[keyUsages[usage]]), 0);
  const extended = usages.flatMap((usage) => (extendedUsages[usage] === undefined ? [] : x509.ExtendedKeyUsage[extendedUsages[usage]]));
  const names: X509.JsonGeneralNames = [
    ...asked.dns.map((value) => ({ type: "dns" as const, value })),
    ...asked.ips.map((value) => ({ type: "ip" as const, value })),
  ];
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: `00${randomBytes(16).toString("hex")}`,
    subject: asked.pkcs10.subjectName.toString(),
    issuer: issuer.subject,
    notBefore: new Date(now - BACKDATE_MS),
    notAfter: new Date(Math.min(now + lifeMs, issuer.notAfter.getTime())),
    publicKey: asked.pkcs10.publicKey,
    signingAlgorithm: algorithm,
    signingKey: signingKey as never,
    extensions: [
      // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- the flags are a sum of the enum's values
      new x509.KeyUsagesExtension(flags, true),
      ...(extended.length > 0 ? [new x509.ExtendedKeyUsageExtension(extended)] : []),
      new x509.BasicConstraintsExtension(false, undefined, true),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
      ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
    ],
  });
  return `${certificate.toString("pem")}\n`;
};

/** When a certificate in PEM runs out, in milliseconds; undefined where it is none. */
export const expiryOf = (pem: string): number | undefined => {
  try {
    return new X509Certificate(pem).validToDate.getTime();
  } catch {
    return undefined;
  }
};
