import { loadX509 } from "../../../base/x509/x509.ts";

/** The groups that a certificate request in base64 asks for; none where it is no request, which validation says. */
export const organizationsOf = async (request: string): Promise<readonly string[]> => {
  const { Pkcs10CertificateRequest } = await loadX509();
  try {
    return new Pkcs10CertificateRequest(Buffer.from(request, "base64").toString("utf8")).subjectName.getField("O");
  } catch {
    return [];
  }
};
