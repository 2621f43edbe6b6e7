import type { Connection } from "../cluster/connection.ts";
import type { Collection } from "../cluster/client/collection.ts";
import type { KubeObject } from "../../sandbox/index.ts";
import type { Row } from "./row.ts";

type Followed = {
  readonly [Key in keyof Connection]: Connection[Key] extends Pick<Collection<KubeObject>, "start" | "size"> ? Key : never;
}[keyof Connection];

/** A tree view as a value: which kinds it follows, and what it shows of them. */
export interface View {
  /** As in package.json: `drydock.nodes`. */
  readonly id: string;
  readonly follows: readonly Followed[];
  readonly rows: (connection: Connection) => readonly Row[];
  /** A number at the view's icon, and what it counts. */
  readonly badge?: (connection: Connection) => { readonly value: number; readonly tooltip: string };
}
