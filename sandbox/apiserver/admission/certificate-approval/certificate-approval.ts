import type { CertificateSigningRequest } from "../../../api/types.ts";
import { isFor, type AdmissionContext, type AdmissionPlugin } from "../plugin.ts";
import { refused } from "../refusal.ts";
import { mayUseSigner } from "../signer-permission.ts";

/** Only who may approve for a signer approves or denies requests to it. */
export const certificateApproval = (context: AdmissionContext): AdmissionPlugin => ({
  name: "CertificateApproval",
  handles: (attributes) =>
    attributes.operation === "UPDATE" &&
    attributes.subresource === "approval" &&
    isFor(attributes, "certificates.k8s.io", "certificatesigningrequests", "approval"),
  validate(attributes) {
    const { spec } = attributes.oldObject as unknown as CertificateSigningRequest;
    if (!mayUseSigner(context, attributes, "approve", spec.signerName))
      throw refused(attributes, `user not permitted to approve requests with signerName ${JSON.stringify(spec.signerName)}`);
  },
});
