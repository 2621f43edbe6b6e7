import type { AdmissionContext, Attributes } from "./plugin.ts";

const group = "certificates.k8s.io";

/** Whether a user may act as a signer: by its very name, or by its whole domain (certificates.IsAuthorizedForSignerName). */
export const mayUseSigner = (
  { authorizer }: AdmissionContext,
  { user }: Attributes,
  verb: "approve" | "sign",
  signerName: string,
): boolean => {
  if (!authorizer) return true;
  const domain = `${signerName.split("/", 1)[0] ?? ""}/*`;
  return [signerName, domain].some(
    (name) => authorizer.authorize({ user, verb, group, version: "*", resource: "signers", name }).decision === "allow",
  );
};
