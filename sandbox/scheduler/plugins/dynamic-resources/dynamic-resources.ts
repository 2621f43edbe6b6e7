import type { Plugin } from "../../framework/plugin.ts";

/** Places pods where the devices that they claim are. */
export const dynamicResources = (): Plugin => ({ name: "DynamicResources" });
