import { isTerminating } from "../../apimachinery/meta/types.ts";
import { fromTime, toTime } from "../../base/clock/clock.ts";
import { certificateSigningRequests, subjectAccessReviews } from "../../api/resources.ts";
import type { CertificateSigningRequest, CertificateSigningRequestCondition, SubjectAccessReview } from "../../api/types.ts";
import type { Controller, Reconcile } from "../framework/controller.ts";
import { defineController } from "../framework/define-controller.ts";
import type { Asked } from "./request.ts";

const KUBELET_CLIENT = "kubernetes.io/kube-apiserver-client-kubelet";
const HOUR_MS = 3_600_000;

/** Loaded with the first request: most clusters never see one, and X.509 takes its time to load. */
const rules = () => import("./request.ts");
const signing = () => import("./sign.ts");

const has = ({ status }: CertificateSigningRequest, wanted: "Approved" | "Denied" | "Failed"): boolean =>
  status?.conditions?.some(({ type }) => type === wanted) ?? false;

const conditionOf = (type: string, reason: string, message: string, now: number): CertificateSigningRequestCondition => {
  const time = toTime(now);
  return { type, status: "True", reason, message, lastUpdateTime: time, lastTransitionTime: time };
};

const withCondition = (request: CertificateSigningRequest, condition: CertificateSigningRequestCondition): CertificateSigningRequest => ({
  ...request,
  status: { ...request.status, conditions: [...(request.status?.conditions ?? []), condition] },
});

const parsed = async (request: CertificateSigningRequest): Promise<Asked | undefined> => {
  const { parseRequest } = await rules();
  try {
    return await parseRequest(request);
  } catch {
    return undefined;
  }
};

/** Approves what kubelets ask for themselves, where they may have it. */
export const certificateApprover = defineController<CertificateSigningRequest>({
  name: "certificatesigningrequest-approving-controller",
  alias: "csrapproving",
  account: "certificate-controller",
  reconciles: certificateSigningRequests,
  async reconcile(name, context) {
    const request = context.cache.get(certificateSigningRequests, name);
    if (!request || request.status?.certificate || has(request, "Approved") || has(request, "Denied")) return;
    const asked = request.spec.signerName === KUBELET_CLIENT ? await parsed(request) : undefined;
    if (!asked || (await rules()).kubeletClientProblem(asked, request.spec.usages) !== undefined) return;
    const recognizers = [
      ...(request.spec.username === asked.commonName
        ? [{ permission: "selfnodeclient", words: "Auto approving self kubelet client certificate after SubjectAccessReview." }]
        : []),
      { permission: "nodeclient", words: "Auto approving kubelet client certificate after SubjectAccessReview." },
    ];
    for (const { permission, words } of recognizers) {
      if (!(await mayHave(context, request, permission))) continue;
      const approved = withCondition(request, conditionOf("Approved", "AutoApproved", words, context.clock.now()));
      await context.client.update(certificateSigningRequests, approved, { subresource: "approval" });
      return;
    }
    throw new Error(
      `recognized csr ${JSON.stringify(name)} as ${JSON.stringify(recognizers.map(({ permission }) => permission))} but subject access review was not approved`,
    );
  },
});

const mayHave = async ({ client }: Reconcile, { spec }: CertificateSigningRequest, subresource: string): Promise<boolean> => {
  const review: SubjectAccessReview = {
    metadata: {},
    spec: {
      ...{ user: spec.username, uid: spec.uid, groups: spec.groups, extra: spec.extra },
      resourceAttributes: {
        group: "certificates.k8s.io",
        resource: "certificatesigningrequests",
        verb: "create",
        subresource,
        version: "*",
      },
    },
  };
  return (await client.create(subjectAccessReviews, review)).status?.allowed ?? false;
};

/** Signs what has been approved, for the signers of the cluster itself. */
export const certificateSigner = (authority: { readonly certificate: string; readonly key: string } | undefined): Controller =>
  defineController<CertificateSigningRequest>({
    name: "certificatesigningrequest-signing-controller",
    alias: "csrsigning",
    account: "certificate-controller",
    reconciles: certificateSigningRequests,
    async reconcile(name, { cache, client, clock, options }) {
      const request = cache.get(certificateSigningRequests, name);
      if (
        !authority ||
        !request ||
        request.status?.certificate ||
        !has(request, "Approved") ||
        has(request, "Denied") ||
        has(request, "Failed")
      )
        return;
      const asked = await parsed(request);
      if (!asked) return;
      const { ours, problem } = (await rules()).signerProblem(request, asked);
      if (!ours) return;
      if (problem !== undefined) {
        await client.updateStatus(
          certificateSigningRequests,
          withCondition(request, conditionOf("Failed", "SignerValidationFailure", problem, clock.now())),
        );
        return;
      }
      const seconds = request.spec.expirationSeconds;
      const life = Math.min(options.clusterSigningDurationMs, seconds === undefined ? Infinity : Math.max(600, seconds) * 1000);
      const { signRequest } = await signing();
      const certificate = await clock.busy(signRequest(authority, asked, request.spec.usages ?? [], life, clock.now()));
      await client.updateStatus(certificateSigningRequests, {
        ...request,
        status: { ...request.status, certificate: Buffer.from(certificate).toString("base64") },
      });
    },
  });

/** Deletes requests that are over: an hour after they were decided, a day after nobody decided, or when their certificate has run out. */
export const certificateCleaner = defineController<CertificateSigningRequest>({
  name: "certificatesigningrequest-cleaner-controller",
  alias: "csrcleaner",
  account: "certificate-controller",
  reconciles: certificateSigningRequests,
  async reconcile(name, { cache, client, clock, again }) {
    const request = cache.get(certificateSigningRequests, name);
    if (!request || isTerminating(request)) return;
    const left = (await dueTime(request)) - clock.now();
    if (left > 0) again(left);
    else await client.delete(certificateSigningRequests, { name });
  },
});

const dueTime = async (request: CertificateSigningRequest): Promise<number> => {
  const created = fromTime(request.metadata.creationTimestamp ?? undefined) ?? 0;
  const decided = request.status?.conditions?.find(({ type }) => type === "Approved" || type === "Denied" || type === "Failed");
  const expiry = request.status?.certificate
    ? (await signing()).expiryOf(Buffer.from(request.status.certificate, "base64").toString("utf8"))
    : undefined;
  const due = decided ? (fromTime(decided.lastUpdateTime) ?? created) + HOUR_MS : created + 24 * HOUR_MS;
  return Math.min(due, expiry ?? Infinity);
};
