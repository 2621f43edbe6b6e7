import { hasReason } from "../../apimachinery/errors/status.ts";
import { endpointSlices } from "../../api/resources.ts";
import type { EndpointSlice } from "../../api/types.ts";
import type { Client } from "../../client/client.ts";
import { placeOf } from "../workloads/owners.ts";
import { isNamespaceTerminating, wordsOf } from "../workloads/pod-control.ts";
import type { SliceChanges } from "./slices.ts";

/** Writes what changed of the slices of `about` (`Service shop/web`); each write carries the annotations that `dated` gives it. */
export const writeSlices = async (
  client: Client,
  changes: SliceChanges,
  about: string,
  mayCreate: boolean,
  dated: (slice: EndpointSlice) => EndpointSlice,
): Promise<void> => {
  if (mayCreate) {
    for (const slice of changes.create) {
      try {
        await client.create(endpointSlices, dated(slice));
      } catch (error) {
        if (isNamespaceTerminating(error)) return;
        throw new Error(`failed to create EndpointSlice for ${about}: ${wordsOf(error)}`, { cause: error });
      }
    }
  }
  for (const slice of changes.update) {
    await client.update(endpointSlices, dated(slice)).catch((error: unknown) => {
      throw new Error(`failed to update ${slice.metadata.name ?? ""} EndpointSlice for ${about}: ${wordsOf(error)}`, { cause: error });
    });
  }
  for (const slice of changes.remove) {
    await client.delete(endpointSlices, placeOf(slice)).catch((error: unknown) => {
      if (hasReason(error, "NotFound")) return;
      throw new Error(`failed to delete ${slice.metadata.name ?? ""} EndpointSlice for ${about}: ${wordsOf(error)}`, { cause: error });
    });
  }
};
