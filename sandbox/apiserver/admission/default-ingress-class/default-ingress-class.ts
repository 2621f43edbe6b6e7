import type { Ingress, IngressClass } from "../../../api/types.ts";
import type { Draft } from "../../../apimachinery/meta/types.ts";
import { newestDefault } from "../default-class.ts";
import { isFor, type AdmissionContext, type AdmissionPlugin } from "../plugin.ts";

/** Gives ingresses that name no class the default one. */
export const defaultIngressClass = ({ reader }: AdmissionContext): AdmissionPlugin => ({
  name: "DefaultIngressClass",
  handles: (attributes) => attributes.operation === "CREATE" && isFor(attributes, "networking.k8s.io", "ingresses"),
  admit({ object }) {
    const ingress = object as unknown as Draft<Ingress>;
    if (ingress.spec?.ingressClassName !== undefined || ingress.metadata.annotations?.["kubernetes.io/ingress.class"] !== undefined) return;
    const classes = reader.list("networking.k8s.io", "ingressclasses") as unknown as readonly IngressClass[];
    const chosen = newestDefault(classes, "ingressclass.kubernetes.io/is-default-class");
    if (chosen) ingress.spec = { ...ingress.spec, ingressClassName: chosen.metadata.name! };
  },
});
