/** The door for editors: manifests read, located and checked with the API server's own rules, with no cluster. */
export { readLocated, type LocatedDocument, type Position, type SyntaxProblem, type TextRange } from "./apimachinery/yaml/located.ts";

import { readLocated, type TextRange } from "./apimachinery/yaml/located.ts";

/** One thing that the API server would say of a manifest, and where. */
export interface Finding {
  /** As kubectl prints it. */
  readonly message: string;
  readonly range: TextRange;
  readonly severity: "error" | "warning";
  /** The cause's reason: `FieldValueInvalid`; `Syntax` where the text is no YAML. */
  readonly reason: string;
  /** Upstream's path of the field; empty for the whole document. */
  readonly field: string;
}

/** Everything wrong with a text of manifests, in order. Never throws. */
export const checkManifest = (text: string): readonly Finding[] =>
  readLocated(text).flatMap(({ problems }) =>
    problems.map(({ message, range }): Finding => ({ message, range, severity: "error", reason: "Syntax", field: "" })),
  );
