import type { ServedResource } from "../discovery/served-resource.ts";
import { conversions } from "../registry/conversions.ts";
import type { Descriptions, VersionPack } from "../../api/pack/version-pack.ts";
import type { TablePrinter, TablePrinters } from "../server/table.ts";
import { horizontalPodAutoscalerTable } from "./autoscaler-table.ts";
import * as cluster from "./cluster-tables.ts";
import { printerOf, type Table } from "./columns.ts";
import * as network from "./network-tables.ts";
import { podTable } from "./pod-table.ts";
import * as policy from "./policy-tables.ts";
import * as workload from "./workload-tables.ts";

const webhooks = cluster.countTable(
  "Webhooks",
  "Webhooks indicates the number of webhooks registered in this configuration",
  ({ webhooks: all }) => (Array.isArray(all) ? all.length : 0),
);

/** The tables of built-in kinds, by group and resource. Kinds that are not here show name and creation time, as upstream's default does. */
const tables: Readonly<Record<string, Table>> = {
  "/componentstatuses": policy.componentStatusTable,
  "/configmaps": cluster.configMapTable,
  "/endpoints": network.endpointsTable,
  "/events": cluster.eventTable,
  "/namespaces": cluster.namespaceTable,
  "/nodes": cluster.nodeTable,
  "/persistentvolumeclaims": cluster.persistentVolumeClaimTable,
  "/persistentvolumes": cluster.persistentVolumeTable,
  "/pods": podTable,
  "/podtemplates": workload.podTemplateTable,
  "/replicationcontrollers": workload.replicationControllerTable,
  "/resourcequotas": cluster.resourceQuotaTable,
  "/secrets": cluster.secretTable,
  "/serviceaccounts": cluster.serviceAccountTable,
  "/services": network.serviceTable,
  "admissionregistration.k8s.io/mutatingwebhookconfigurations": webhooks,
  "admissionregistration.k8s.io/validatingadmissionpolicies": policy.validatingAdmissionPolicyTable,
  "admissionregistration.k8s.io/validatingadmissionpolicybindings": policy.validatingAdmissionPolicyBindingTable,
  "admissionregistration.k8s.io/validatingwebhookconfigurations": webhooks,
  "apiregistration.k8s.io/apiservices": policy.apiServiceTable,
  "apps/controllerrevisions": workload.controllerRevisionTable,
  "apps/daemonsets": workload.daemonSetTable,
  "apps/deployments": workload.deploymentTable,
  "apps/replicasets": workload.replicaSetTable,
  "apps/statefulsets": workload.statefulSetTable,
  "autoscaling/scales": workload.scaleTable,
  "autoscaling/horizontalpodautoscalers": horizontalPodAutoscalerTable,
  "batch/cronjobs": workload.cronJobTable,
  "batch/jobs": workload.jobTable,
  "certificates.k8s.io/certificatesigningrequests": policy.certificateSigningRequestTable,
  "coordination.k8s.io/leases": policy.leaseTable,
  "discovery.k8s.io/endpointslices": network.endpointSliceTable,
  "events.k8s.io/events": cluster.eventTable,
  "flowcontrol.apiserver.k8s.io/flowschemas": policy.flowSchemaTable,
  "flowcontrol.apiserver.k8s.io/prioritylevelconfigurations": policy.priorityLevelConfigurationTable,
  "networking.k8s.io/ingressclasses": network.ingressClassTable,
  "networking.k8s.io/ingresses": network.ingressTable,
  "networking.k8s.io/ipaddresses": network.ipAddressTable,
  "networking.k8s.io/networkpolicies": network.networkPolicyTable,
  "networking.k8s.io/servicecidrs": network.serviceCIDRTable,
  "node.k8s.io/runtimeclasses": policy.runtimeClassTable,
  "policy/poddisruptionbudgets": policy.podDisruptionBudgetTable,
  "rbac.authorization.k8s.io/clusterrolebindings": policy.clusterRoleBindingTable,
  "rbac.authorization.k8s.io/rolebindings": policy.roleBindingTable,
  "resource.k8s.io/deviceclasses": cluster.nameAndAgeTable,
  "resource.k8s.io/resourceclaims": policy.resourceClaimTable,
  "resource.k8s.io/resourceclaimtemplates": cluster.nameAndAgeTable,
  "resource.k8s.io/resourceslices": policy.resourceSliceTable,
  "scheduling.k8s.io/priorityclasses": policy.priorityClassTable,
  "storage.k8s.io/csidrivers": policy.csiDriverTable,
  "storage.k8s.io/csinodes": policy.csiNodeTable,
  "storage.k8s.io/storageclasses": policy.storageClassTable,
  "storage.k8s.io/volumeattributesclasses": policy.volumeAttributesClassTable,
};

/** The printers of built-in kinds (upstream's printers/internalversion), each made when it is first asked for, and those of custom kinds. */
export const tablePrinters = (pack: VersionPack, custom: TablePrinters["of"]): TablePrinters => {
  const made = new Map<string, TablePrinter>();
  let descriptions: Descriptions | undefined;
  return {
    async ready() {
      descriptions ??= await pack.descriptions();
    },
    of(entry) {
      if (entry.custom) return custom(entry);
      const found = tables[`${entry.group}/${entry.resource}`];
      if (!found || !descriptions) return undefined;
      const key = `${entry.group}/${entry.version}/${entry.resource}`;
      let printer = made.get(key);
      if (!printer) made.set(key, (printer = inStoredVersion(entry, printerOf(found, descriptions))));
      return printer;
    },
  };
};

/** Tables are written for the version in which a kind is stored; objects of another one are taken there first. */
const inStoredVersion = ({ group, version, kind }: ServedResource, printer: TablePrinter): TablePrinter => {
  const conversion = conversions[`${group}/${version} ${kind}`];
  return conversion ? { ...printer, row: (object, now) => printer.row(conversion.toStored(object), now) } : printer;
};
