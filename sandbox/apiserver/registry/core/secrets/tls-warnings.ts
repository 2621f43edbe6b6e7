import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";

interface Block {
  readonly type: string;
  readonly text: string;
}

const blocksOf = (pem: string): Block[] =>
  [...pem.matchAll(/-----BEGIN ([^-\n]+)-----[\s\S]*?-----END \1-----/g)].map(([text, type]) => ({ type: type!, text }));

const certificateProblem = (blocks: readonly Block[]): string => {
  if (blocks.length === 0) return "tls: failed to find any PEM data in certificate input";
  if (blocks.length === 1 && blocks[0]!.type.endsWith("PRIVATE KEY"))
    return "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched";
  return `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${blocks.map(({ type }) => type).join(" ")}]`;
};

const keyProblem = (blocks: readonly Block[]): string => {
  if (blocks.length === 0) return "tls: failed to find any PEM data in key input";
  if (blocks.length === 1 && blocks[0]!.type === "CERTIFICATE")
    return "tls: found a certificate rather than a key in the PEM for the private key";
  return `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${blocks.map(({ type }) => type).join(" ")}]`;
};

/** Why a certificate and a key are no pair, in the words of Go's tls.X509KeyPair; undefined where they are. */
export const keyPairProblem = (certificatePem: string, keyPem: string): string | undefined => {
  const certificates = blocksOf(certificatePem);
  const certificate = certificates.find(({ type }) => type === "CERTIFICATE");
  if (!certificate) return certificateProblem(certificates);
  const keys = blocksOf(keyPem);
  const key = keys.find(({ type }) => type === "PRIVATE KEY" || type.endsWith(" PRIVATE KEY"));
  if (!key) return keyProblem(keys);
  return mismatch(certificate, key);
};

const mismatch = (certificate: Block, key: Block): string | undefined => {
  let parsed: X509Certificate;
  let privateKey: KeyObject;
  try {
    parsed = new X509Certificate(certificate.text);
  } catch {
    return "x509: malformed certificate";
  }
  try {
    privateKey = createPrivateKey(key.text);
  } catch {
    return "tls: failed to parse private key";
  }
  if (parsed.publicKey.asymmetricKeyType !== privateKey.asymmetricKeyType) return "tls: private key type does not match public key type";
  return parsed.checkPrivateKey(privateKey) ? undefined : "tls: private key does not match public key";
};
