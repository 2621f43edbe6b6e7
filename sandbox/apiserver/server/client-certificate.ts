import type { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
import type { ClientCertificate } from "../authentication/authenticator.ts";

/** Looked at once a connection, by the session's ticket to the handshake. */
const known = new WeakMap<object, ClientCertificate | { readonly none: true }>();

/** The certificate that a client showed in the handshake, and which authority of ours stands behind it. */
export const clientCertificateOf = (
  socket: TLSSocket,
  { clientAuthority, frontProxyAuthority }: { readonly clientAuthority: X509Certificate; readonly frontProxyAuthority: X509Certificate },
): ClientCertificate | undefined => {
  const seen = known.get(socket);
  if (seen) return "none" in seen ? undefined : seen;
  const shown = typeof socket.getPeerX509Certificate === "function" ? socket.getPeerX509Certificate() : undefined;
  if (!shown) {
    known.set(socket, { none: true });
    return undefined;
  }
  const { CN, O } = shown.toLegacyObject().subject as { readonly CN?: string | string[]; readonly O?: string | string[] };
  const authority = !socket.authorized
    ? undefined
    : signedBy(shown, clientAuthority)
      ? "client"
      : signedBy(shown, frontProxyAuthority)
        ? "front-proxy"
        : undefined;
  const certificate: ClientCertificate = {
    commonName: listOf(CN).at(-1) ?? "",
    organizations: listOf(O),
    ...(authority && { authority }),
    fingerprint: shown.fingerprint256.replaceAll(":", "").toLowerCase(),
  };
  known.set(socket, certificate);
  return certificate;
};

const listOf = (value: string | string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;

const signedBy = (certificate: X509Certificate, authority: X509Certificate): boolean =>
  certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
