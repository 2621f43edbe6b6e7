import { organizationsOf } from "./organizations.ts";
import type { CertificateSigningRequest } from "../../../api/types.ts";
import { isFor, type AdmissionPlugin } from "../plugin.ts";
import { refused } from "../refusal.ts";

const signer = "kubernetes.io/kube-apiserver-client";
const masters = "system:masters";

/** Nobody gets a client certificate that makes its holder all-powerful. */
export const certificateSubjectRestriction = (): AdmissionPlugin => ({
  name: "CertificateSubjectRestriction",
  handles: (attributes) => attributes.operation === "CREATE" && isFor(attributes, "certificates.k8s.io", "certificatesigningrequests"),
  async validate(attributes) {
    const { spec } = attributes.object as unknown as CertificateSigningRequest;
    if (spec.signerName !== signer) return;
    if ((await organizationsOf(spec.request)).includes(masters))
      throw refused(attributes, `use of ${signer} signer with ${masters} group is not allowed`);
  },
});
