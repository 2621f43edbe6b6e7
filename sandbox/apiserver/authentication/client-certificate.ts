import { AuthenticationError, type Authenticator } from "./authenticator.ts";

/** The holder of a certificate of ours: the common name is the user, organizations are the groups. */
export const clientCertificates: Authenticator = ({ certificate }) => {
  if (!certificate || certificate.authority === "front-proxy") return undefined;
  if (!certificate.authority) throw new AuthenticationError("x509: certificate signed by unknown authority");
  const { commonName, organizations, fingerprint } = certificate;
  return {
    user: {
      name: commonName,
      groups: organizations,
      extra: { "authentication.kubernetes.io/credential-id": [`X509SHA256=${fingerprint}`] },
    },
  };
};
