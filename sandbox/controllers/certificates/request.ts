import "reflect-metadata";
import type { Pkcs10CertificateRequest } from "@peculiar/x509";
import { loadX509 } from "../../base/x509/x509.ts";
import type { CertificateSigningRequest } from "../../api/types.ts";

/** What a certificate request asks for. */
export interface Asked {
  readonly pkcs10: Pkcs10CertificateRequest;
  readonly commonName: string;
  readonly organizations: readonly string[];
  readonly dns: readonly string[];
  readonly ips: readonly string[];
  readonly emails: readonly string[];
  readonly uris: readonly string[];
}

/** The PKCS#10 request inside. Rejects where it is none. */
export const parseRequest = async ({ spec }: CertificateSigningRequest): Promise<Asked> => {
  const x509 = await loadX509();
  const pkcs10 = new x509.Pkcs10CertificateRequest(Buffer.from(spec.request, "base64").toString("utf8"));
  const extension = pkcs10.extensions.find((each) => each instanceof x509.SubjectAlternativeNameExtension);
  const names = extension?.names.items ?? [];
  const of = (type: string): readonly string[] => names.filter((name) => name.type === type).map(({ value }) => value);
  return {
    pkcs10,
    commonName: pkcs10.subjectName.getField("CN")[0] ?? "",
    organizations: pkcs10.subjectName.getField("O"),
    ...{ dns: of("dns"), ips: of("ip"), emails: of("email"), uris: of("url") },
  };
};

const areUsages = (usages: readonly string[] | undefined, ...sets: readonly (readonly string[])[]): boolean =>
  sets.some((set) => set.length === new Set(usages).size && set.every((usage) => usages?.includes(usage)));

const isNode = ({ organizations, commonName }: Asked): string | undefined => {
  if (organizations.length !== 1 || organizations[0] !== "system:nodes") return "subject organization is not system:nodes";
  return commonName.startsWith("system:node:") ? undefined : "subject common name does not begin with system:node:";
};

/** Why it is no request of a kubelet for its client certificate (ValidateKubeletClientCSR). */
export const kubeletClientProblem = (asked: Asked, usages: readonly string[] | undefined): string | undefined => {
  const wrongNode = isNode(asked);
  if (wrongNode?.includes("organization")) return wrongNode;
  if (asked.dns.length > 0) return "DNS subjectAltNames are not allowed";
  if (asked.emails.length > 0) return "Email subjectAltNames are not allowed";
  if (asked.ips.length > 0) return "IP subjectAltNames are not allowed";
  if (asked.uris.length > 0) return "URI subjectAltNames are not allowed";
  if (wrongNode) return wrongNode;
  return areUsages(usages, ["digital signature", "key encipherment", "client auth"], ["digital signature", "client auth"])
    ? undefined
    : "usages did not match expected set for client certificate";
};

const servingProblem = (asked: Asked, usages: readonly string[] | undefined): string | undefined => {
  const wrongNode = isNode(asked);
  if (wrongNode) return wrongNode;
  if (asked.dns.length + asked.ips.length === 0) return "DNS or IP subjectAltName is required";
  if (asked.emails.length > 0) return "Email subjectAltNames are not allowed";
  if (asked.uris.length > 0) return "URI subjectAltNames are not allowed";
  return areUsages(usages, ["digital signature", "key encipherment", "server auth"], ["digital signature", "server auth"])
    ? undefined
    : "usages did not match expected set for serving certificate";
};

const clientProblem = (usages: readonly string[] | undefined): string | undefined => {
  const wrong = usages?.find((usage) => !["signing", "digital signature", "key encipherment", "client auth"].includes(usage));
  if (wrong !== undefined) return `invalid usage for client certificate: ${wrong}`;
  return usages?.includes("client auth") ? undefined : "missing required usage for client certificate: client auth";
};

/** Why a signer of ours refuses the request; The rest is for the signers of others. */
export const signerProblem = ({ spec }: CertificateSigningRequest, asked: Asked): { readonly ours: boolean; readonly problem?: string } => {
  switch (spec.signerName) {
    case "kubernetes.io/kube-apiserver-client":
      return { ours: true, problem: clientProblem(spec.usages) };
    case "kubernetes.io/kube-apiserver-client-kubelet":
      return { ours: true, problem: kubeletClientProblem(asked, spec.usages) };
    case "kubernetes.io/kubelet-serving":
      return { ours: true, problem: servingProblem(asked, spec.usages) };
    default:
      return { ours: false };
  }
};
