import { configMaps, persistentVolumeClaims, secrets, serviceAccounts } from "../../../sandbox/index.ts";
import type { ConfigMap, KubeObject, PersistentVolumeClaim, ResourceType, Secret } from "../../../sandbox/index.ts";
import { memoryText } from "../objects/pod-requests.ts";
import { byName, counted, facts, grouped, labelsText, namespaceOf, referenceTo } from "../objects/reference.ts";
import type { Row } from "../row.ts";
import type { View } from "../view.ts";

const objectRow = (
  parent: string,
  type: ResourceType,
  object: KubeObject,
  row: Pick<Row, "description" | "icon" | "tone"> & { readonly keys?: Readonly<Record<string, number>> },
): Row => {
  const { keys = {}, ...looks } = row;
  const id = `${parent}/${object.metadata.uid ?? ""}`;
  const under = Object.entries(keys);
  return {
    ...looks,
    id,
    label: object.metadata.name ?? "",
    context: "object",
    about: referenceTo(type, object),
    tooltip: () =>
      facts(`${type.kind} ${parent}/${object.metadata.name ?? ""}`, {
        Labels: labelsText(object.metadata.labels),
        Created: object.metadata.creationTimestamp ?? undefined,
      }),
    children:
      under.length === 0
        ? undefined
        : () => under.map(([key, bytes]) => ({ id: `${id}/${key}`, label: key, description: `${memoryText(bytes)}B`, icon: "symbol-key" })),
  };
};

const configMapRow = (parent: string, map: ConfigMap): Row => {
  const keys = { ...sizes(map.data, "utf8"), ...sizes(map.binaryData, "base64") };
  return objectRow(parent, configMaps, map, { description: counted(Object.keys(keys).length, "key"), icon: "symbol-constant", keys });
};
/** Keys and sizes: values are for those who ask for them. */
const secretRow = (parent: string, secret: Secret): Row => {
  const keys = sizes(secret.data, "base64");
  return objectRow(parent, secrets, secret, {
    description: `${secret.type ?? "Opaque"} · ${counted(Object.keys(keys).length, "key")}`,
    icon: "lock",
    keys,
  });
};
const claimRow = (parent: string, claim: PersistentVolumeClaim): Row => {
  const phase = claim.status?.phase ?? "Pending";
  const size = claim.status?.capacity?.["storage"] ?? claim.spec?.resources?.requests?.["storage"];
  return objectRow(parent, persistentVolumeClaims, claim, {
    description: [phase, size].filter(Boolean).join(" · "),
    icon: "save",
    tone: phase === "Bound" ? "good" : phase === "Lost" ? "bad" : "busy",
  });
};

const sizes = (data: Readonly<Record<string, string>> | undefined, encoding: "utf8" | "base64"): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(data ?? {}).map(([key, value]) => [key, Buffer.byteLength(value, encoding)]));

/** ConfigMaps, Secrets, volume claims and service accounts by namespace. */
export const configurationView: View = {
  id: "drydock.configuration",
  follows: ["configMaps", "secrets", "persistentVolumeClaims", "serviceAccounts"],
  rows: (connection) => {
    const rows = [
      ...connection.configMaps
        .all()
        .map((each) => ({ kind: "ConfigMaps", each: each, row: (parent: string) => configMapRow(parent, each) })),
      ...connection.secrets.all().map((each) => ({ kind: "Secrets", each: each, row: (parent: string) => secretRow(parent, each) })),
      ...connection.persistentVolumeClaims
        .all()
        .map((each) => ({ kind: "Volume claims", each: each, row: (parent: string) => claimRow(parent, each) })),
      ...connection.serviceAccounts.all().map((each) => ({
        kind: "Service accounts",
        each: each,
        row: (parent: string) => objectRow(parent, serviceAccounts, each, { icon: "account" }),
      })),
    ];
    return grouped(rows, ({ each }) => namespaceOf(each)).map(([namespace, members]) => ({
      id: namespace,
      label: namespace,
      description: counted(members.length, "object"),
      icon: "symbol-namespace",
      context: "namespace",
      open: namespace === "default",
      children: () =>
        grouped(members, ({ kind }) => kind).map(([kind, ofKind]) => ({
          id: `${namespace}/${kind}`,
          label: kind,
          description: String(ofKind.length),
          icon: "folder",
          children: () => ofKind.toSorted((one, other) => byName(one.each, other.each)).map(({ row }) => row(namespace)),
        })),
    }));
  },
};
