import type { AnyObject, Draft } from "../../../../apimachinery/meta/types.ts";
import type { Request } from "../../../endpoints/request.ts";

/** Gives things out that exist once in a cluster: addresses and node ports of Services. */
export interface Allocation {
  /** Called with every new object; answers how to give back what was taken, should the creation fail. */
  forCreate(request: Request, draft: Draft<AnyObject>): Promise<(() => void) | undefined> | undefined;
}
