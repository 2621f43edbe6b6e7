import type { ResourceType } from "../../sandbox/index.ts";

/** Which object a row, a command or a document is about. */
export interface Reference {
  readonly type: ResourceType;
  readonly namespace?: string;
  readonly name: string;
  readonly uid?: string;
}

/** How things stand, in four colours of the theme. */
export type Tone = "good" | "busy" | "bad" | "idle";

/**
 * A line of a tree view, as a value: the views compute rows from what the cluster holds, one place (RowTree) turns rows
 * into VS Code's tree items. Children and tooltips are computed when somebody looks.
 */
export interface Row {
  /** Unique in its view; the same line keeps it, so that selection and expansion survive a refresh. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  /** Name of a codicon. */
  readonly icon: string;
  readonly tone?: Tone;
  /** Two characters at most, at the right edge: restarts, failing pods. */
  readonly badge?: string;
  /** Markdown. */
  readonly tooltip?: () => string;
  /** Which menus it has: `pod`, `node cordoned`. */
  readonly context?: string;
  readonly about?: Reference;
  readonly children?: () => readonly Row[];
  readonly open?: boolean;
}

/** `shop/web-1`, or the name alone where there is no namespace. */
export const nameOf = ({ namespace, name }: Pick<Reference, "namespace" | "name">): string =>
  namespace === undefined ? name : `${namespace}/${name}`;
