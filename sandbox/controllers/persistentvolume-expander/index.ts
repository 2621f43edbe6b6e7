import { persistentVolumeClaims, persistentVolumes } from "../../api/resources.ts";
import type { PersistentVolumeClaim } from "../../api/types.ts";
import { parseQuantity } from "../../apimachinery/quantity/parse.ts";
import { defineController } from "../framework/define-controller.ts";

/** Says that a volume waits for its driver to be expanded: volumes of drivers are not expanded by the controller manager itself. */
export const persistentVolumeExpander = defineController<PersistentVolumeClaim>({
  name: "persistentvolume-expander-controller",
  alias: "persistentvolume-expander",
  account: "expand-controller",
  eventSource: "volume_expand",
  reconciles: persistentVolumeClaims,
  wants: ({ previous, next }) =>
    next !== undefined &&
    (!previous || (previous.spec?.resources?.requests?.["storage"] !== next.spec?.resources?.requests?.["storage"] && wantsMore(next))),
  reads: [persistentVolumes],
  reconcile(key, { cache, events }) {
    const claim = cache.get(persistentVolumeClaims, key);
    if (claim?.status?.phase !== "Bound" || !wantsMore(claim)) return;
    const volume = cache.get(persistentVolumes, claim.spec?.volumeName ?? "");
    if (volume?.spec?.claimRef?.uid === claim.metadata.uid)
      events.event(claim, "Normal", "ExternalExpanding", "waiting for an external controller to expand this PVC");
  },
});

/** Whether a claim asks for more than it has. */
export const wantsMore = ({ spec, status }: PersistentVolumeClaim): boolean => {
  const [wanted, has] = [spec?.resources?.requests?.["storage"], status?.capacity?.["storage"]];
  return wanted !== undefined && has !== undefined && parseQuantity(wanted).scaled(0) > parseQuantity(has).scaled(0);
};
