// The library's dependency injection needs this before it is loaded.
import "reflect-metadata";
import { Pkcs10CertificateRequest } from "@peculiar/x509";

/** The groups that a certificate request in base64 asks for; none where it is no request, which validation says. */
export const organizationsOf = (request: string): readonly string[] => {
  try {
    return new Pkcs10CertificateRequest(Buffer.from(request, "base64").toString("utf8")).subjectName.getField("O");
  } catch {
    return [];
  }
};
