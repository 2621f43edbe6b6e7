import { ingresses, pods, services, type EndpointSlice, type Ingress, type Service } from "../../../sandbox/index.ts";
import { byName, counted, facts, grouped, labelsText, namespaceOf, referenceTo } from "../objects/reference.ts";
import type { Row } from "../row.ts";
import type { View } from "../view.ts";

const portsText = ({ spec }: Service): string =>
  (spec?.ports ?? [])
    .map(({ port, nodePort, protocol = "TCP" }) => `${port}${nodePort === undefined ? "" : `:${nodePort}`}/${protocol}`)
    .join(", ");

const endpointRows = (parent: string, slice: EndpointSlice): readonly Row[] =>
  (slice.endpoints ?? []).flatMap(({ addresses, conditions, targetRef, nodeName }) =>
    addresses.map((address): Row => {
      const serving = conditions?.ready !== false;
      return {
        id: `${parent}/${slice.metadata.uid ?? ""}/${address}`,
        label: address,
        description: [serving ? "ready" : conditions?.terminating ? "terminating" : "not ready", targetRef?.name, nodeName]
          .filter((part) => part !== undefined)
          .join(" · "),
        icon: serving ? "circle-filled" : "circle-outline",
        tone: serving ? "good" : "busy",
        ...(targetRef?.kind === "Pod"
          ? { context: "pod", about: { type: pods, namespace: targetRef.namespace, name: targetRef.name ?? "", uid: targetRef.uid } }
          : {}),
      };
    }),
  );

const serviceRow = (parent: string, service: Service, slices: readonly EndpointSlice[]): Row => {
  const id = `${parent}/${service.metadata.uid ?? ""}`;
  const endpoints = slices.flatMap((slice) => endpointRows(id, slice));
  const ready = endpoints.filter(({ tone }) => tone === "good").length;
  const { type = "ClusterIP", clusterIP, externalName, selector } = service.spec ?? {};
  const selects = Object.keys(selector ?? {}).length > 0;
  return {
    id,
    label: service.metadata.name ?? "",
    description: [
      type,
      externalName ?? clusterIP ?? "",
      portsText(service),
      ...(selects ? [`${ready}/${counted(endpoints.length, "endpoint")}`] : []),
    ]
      .filter((part) => part !== "")
      .join(" · "),
    icon: type === "ExternalName" ? "link-external" : type === "ClusterIP" ? "symbol-interface" : "globe",
    tone: !selects ? "idle" : ready > 0 ? "good" : "busy",
    context: "object",
    about: referenceTo(services, service),
    tooltip: () =>
      facts(`service ${parent}/${service.metadata.name ?? ""}`, {
        "Type": type,
        "Cluster IP": service.spec?.clusterIPs?.join(", "),
        "Load balancer": service.status?.loadBalancer?.ingress?.map(({ ip, hostname }) => ip ?? hostname ?? "").join(", "),
        "Ports": portsText(service),
        "Selector": labelsText(selector),
        "Session affinity": service.spec?.sessionAffinity,
      }),
    children: endpoints.length === 0 ? undefined : () => endpoints,
  };
};

const ingressRow = (parent: string, ingress: Ingress): Row => ({
  id: `${parent}/${ingress.metadata.uid ?? ""}`,
  label: ingress.metadata.name ?? "",
  description: ["Ingress", ...(ingress.spec?.rules ?? []).map(({ host }) => host ?? "*")].join(" · "),
  icon: "arrow-swap",
  tone: "good",
  context: "object",
  about: referenceTo(ingresses, ingress),
});

/** Services by namespace with the addresses behind them, and Ingresses. */
export const servicesView: View = {
  id: "drydock.services",
  follows: ["services", "endpointSlices", "ingresses"],
  rows: ({ services, endpointSlices, ingresses }) => {
    const rows = [
      ...services
        .all()
        .toSorted(byName)
        .map((each) => ({
          each,
          row: (parent: string) => serviceRow(parent, each, endpointSlices.by("service", `${parent}/${each.metadata.name ?? ""}`)),
        })),
      ...ingresses
        .all()
        .toSorted(byName)
        .map((each) => ({ each, row: (parent: string) => ingressRow(parent, each) })),
    ];
    return grouped(rows, ({ each }) => namespaceOf(each)).map(([namespace, members]) => ({
      id: namespace,
      label: namespace,
      description: counted(members.length, "object"),
      icon: "symbol-namespace",
      context: "namespace",
      open: !namespace.startsWith("kube-"),
      children: () => members.map(({ row }) => row(namespace)),
    }));
  },
};
