import { packVersions, type PackVersion } from "./api/pack/load-pack.ts";
import { readLocated, type TextRange } from "./apimachinery/yaml/located.ts";
import { readQuickly } from "./apimachinery/yaml/quick.ts";
import { splitDocuments } from "./apimachinery/yaml/split.ts";
import { ManifestChecker } from "./apiserver/manifests/check.ts";

/** The door for editors: manifests read, located and checked with the API server's own rules, with no cluster. */
export { readLocated, type LocatedDocument, type Position, type SyntaxProblem, type TextRange } from "./apimachinery/yaml/located.ts";
export { packVersions, type PackVersion } from "./api/pack/load-pack.ts";

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

export interface CheckOptions {
  /** The release whose rules hold; the newest that can be served where absent. */
  readonly version?: PackVersion;
  /** Milliseconds since the epoch. */
  readonly now?: number;
}

/** Documents whose findings are remembered: a keystroke changes one of many. */
const most = 2000;

const checkers = new Map<PackVersion, { readonly checker: ManifestChecker; readonly known: Map<string, readonly Finding[]> }>();

const checkerOf = ({ version = packVersions.at(-1)!, now = 0 }: CheckOptions) => {
  let made = checkers.get(version);
  if (made === undefined)
    checkers.set(version, (made = { checker: new ManifestChecker(version, now), known: new Map<string, readonly Finding[]>() }));
  return made;
};

/** Everything wrong with a text of manifests, in order. Never throws. Documents that have been seen before cost nothing. */
export const checkManifest = (text: string, options: CheckOptions = {}): readonly Finding[] => {
  const { checker, known } = checkerOf(options);
  return splitDocuments(text).flatMap(({ text: part, line }) => {
    let findings = known.get(part);
    if (findings === undefined) {
      findings = findingsOf(checker, part);
      if (known.size >= most) known.clear();
      known.set(part, findings);
    }
    return line === 0 ? findings : findings.map((finding) => ({ ...finding, range: moved(finding.range, line) }));
  });
};

const findingsOf = (checker: ManifestChecker, text: string): readonly Finding[] => {
  const values = readQuickly(text);
  if (values?.every((value) => checker.check(value).length === 0)) return [];
  return readLocated(text).flatMap((document) => [
    ...document.problems.map(({ message, range }): Finding => ({ message, range, severity: "error", reason: "Syntax", field: "" })),
    ...checker.check(document.value).map((objection): Finding => ({ ...objection, range: document.locate(objection.field) })),
  ]);
};

const moved = ({ start, end }: TextRange, lines: number): TextRange => ({
  start: { ...start, line: start.line + lines },
  end: { ...end, line: end.line + lines },
});
