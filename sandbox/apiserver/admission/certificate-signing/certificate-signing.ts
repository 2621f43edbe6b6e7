import type { CertificateSigningRequest } from "../../../api/types.ts";
import { isSameJson } from "../../registry/json.ts";
import { isFor, type AdmissionContext, type AdmissionPlugin } from "../plugin.ts";
import { refused } from "../refusal.ts";
import { mayUseSigner } from "../signer-permission.ts";

/** Only who may sign for a signer issues its certificates, or says that it failed to. */
export const certificateSigning = (context: AdmissionContext): AdmissionPlugin => ({
  name: "CertificateSigning",
  handles: (attributes) =>
    attributes.operation === "UPDATE" &&
    attributes.subresource === "status" &&
    isFor(attributes, "certificates.k8s.io", "certificatesigningrequests", "status"),
  validate(attributes) {
    const next = attributes.object as unknown as CertificateSigningRequest;
    const previous = attributes.oldObject as unknown as CertificateSigningRequest;
    const concerned = ({ status }: CertificateSigningRequest) => [status?.certificate, status?.conditions ?? []];
    if (isSameJson(concerned(next), concerned(previous))) return;
    const { signerName } = previous.spec;
    if (!mayUseSigner(context, attributes, "sign", signerName))
      throw refused(attributes, `user not permitted to sign requests with signerName ${JSON.stringify(signerName)}`);
  },
});
