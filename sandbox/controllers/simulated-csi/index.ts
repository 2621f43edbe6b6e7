import type { Controller } from "../framework/controller.ts";
import { together } from "../framework/define-controller.ts";
import { deleter, provisioner } from "./provisioner.ts";
import { resizer } from "./resizer.ts";

/** The sidecars of the simulated nodes' CSI driver. */
export const simulatedCsiController: Controller = together(
  { name: "simulated-csi", account: "persistent-volume-binder" },
  provisioner,
  deleter,
  resizer,
);
