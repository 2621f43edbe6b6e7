import type { Pod, ServiceAccount } from "../../../api/types.ts";
import type { Draft } from "../../../apimachinery/meta/types.ts";
import type { AdmissionContext, AdmissionPlugin, Attributes } from "../plugin.ts";
import { createsPod, isMirror, podOf } from "../pod-spec.ts";
import { refused } from "../refusal.ts";
import { refuseMirrorReferences, refuseUnmountable } from "./secret-references.ts";
import { mountToken } from "./token-volume.ts";

/** How often, and for how long at a time (ms), a pod waits for the default account of a new namespace. */
const attempts = 10;
const pause = 100;

/** Gives each pod a service account, the account's token, and its image pull secrets. */
export const serviceAccount = (context: AdmissionContext): AdmissionPlugin => ({
  name: "ServiceAccount",
  handles: createsPod,
  async admit(attributes) {
    const pod = podOf(attributes);
    if (isMirror(pod)) {
      refuseMirrorReferences(attributes, pod);
      return;
    }
    const { spec } = pod;
    if (!spec) return;
    spec.serviceAccountName ||= "default";
    spec.serviceAccount = spec.serviceAccountName;
    const account = await find(context, attributes, spec.serviceAccountName);
    if (automounts(pod, account)) mountToken(pod, () => context.random.suffix());
    if ((spec.imagePullSecrets ?? []).length === 0 && (account.imagePullSecrets ?? []).length > 0)
      spec.imagePullSecrets = account.imagePullSecrets!.map(({ name }) => ({ name }));
    refuseUnmountable(attributes, pod, account);
  },
  validate(attributes) {
    const pod = podOf(attributes);
    if (isMirror(pod)) {
      refuseMirrorReferences(attributes, pod);
      return;
    }
    if ((pod.spec?.serviceAccountName ?? "") === "")
      throw refused(attributes, `no service account specified for pod ${attributes.namespace}/${pod.metadata.name ?? ""}`);
  },
});

const find = async ({ reader, clock }: AdmissionContext, attributes: Attributes, name: string): Promise<ServiceAccount> => {
  const { namespace } = attributes;
  for (let attempt = 1; ; attempt++) {
    const account = reader.get("", "serviceaccounts", namespace, name) as ServiceAccount | undefined;
    if (account) return account;
    if (name !== "default" || attempt === attempts)
      throw refused(attributes, `error looking up service account ${namespace}/${name}: serviceaccount ${JSON.stringify(name)} not found`);
    await clock.sleep(pause);
  }
};

const automounts = ({ spec }: Draft<Pod>, account: ServiceAccount): boolean =>
  spec?.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true;
