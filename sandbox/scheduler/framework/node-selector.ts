import type { NodeSelector, NodeSelectorRequirement, NodeSelectorTerm, Pod } from "../../api/types.ts";
import { requirement, Selector, SelectorError, type SelectorOperator } from "../../apimachinery/labels/selector.ts";

/** A node as its selectors see it. */
export interface SelectableNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

const operators: ReadonlyMap<string, SelectorOperator> = new Map([
  ["In", "in"],
  ["NotIn", "notin"],
  ["Exists", "exists"],
  ["DoesNotExist", "!"],
  ["Gt", "gt"],
  ["Lt", "lt"],
]);

/** One term: all of it must hold; an empty one and one that does not parse match no node. */
export class NodeTerm {
  readonly #labels: Selector | undefined;
  readonly #fields: readonly NodeSelectorRequirement[];
  readonly #matchesNone: boolean;

  constructor({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm) {
    const empty = matchExpressions.length === 0 && matchFields.length === 0;
    this.#labels = selectorOfExpressions(matchExpressions);
    this.#fields = matchFields;
    this.#matchesNone =
      empty || this.#labels === undefined || matchFields.some(({ operator }) => operator !== "In" && operator !== "NotIn");
  }

  matches({ name, labels }: SelectableNode): boolean {
    if (this.#matchesNone || !this.#labels?.matches(labels)) return false;
    return this.#fields.every(({ key, operator, values = [] }) => {
      const value = key === "metadata.name" ? name : "";
      return values.includes(value) === (operator === "In");
    });
  }
}

const selectorOfExpressions = (expressions: readonly NodeSelectorRequirement[]): Selector | undefined => {
  try {
    return new Selector(
      expressions.map(({ key, operator, values }) => {
        const known = operators.get(operator);
        if (!known) throw new SelectorError(`${JSON.stringify(operator)} is not a valid node selector operator`);
        return requirement(key, known, values ?? []);
      }),
    );
  } catch (error) {
    if (error instanceof SelectorError) return undefined;
    throw error;
  }
};

/** Whether a node fulfils any of the terms (nodeaffinity.NodeSelector). */
export const nodeSelectorOf = ({ nodeSelectorTerms }: NodeSelector): ((node: SelectableNode) => boolean) => {
  const terms = (nodeSelectorTerms ?? []).map((term) => new NodeTerm(term));
  return (node) => terms.some((term) => term.matches(node));
};

const everyNode = (): boolean => true;

/** What a pod's `nodeSelector` and required node affinity ask of a node (nodeaffinity.GetRequiredNodeAffinity). */
export const requiredNodeAffinityOf = ({ spec }: Pod): ((node: SelectableNode) => boolean) => {
  const wanted = Object.entries(spec?.nodeSelector ?? {});
  const required = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (wanted.length === 0 && !required) return everyNode;
  const matchesTerms = required ? nodeSelectorOf(required) : everyNode;
  return (node) => wanted.every(([key, value]) => Object.hasOwn(node.labels, key) && node.labels[key] === value) && matchesTerms(node);
};

/** Everything of a pod that `requiredNodeAffinityOf` reads, as text. */
export const nodeAffinityKey = ({ spec }: Pod): string => {
  const required = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (!spec?.nodeSelector && !required) return "";
  return JSON.stringify([spec?.nodeSelector, required]);
};
