/** One condition on one field, such as `spec.nodeName=ann`. */
export interface FieldRequirement {
  readonly field: string;
  readonly operator: "=" | "!=";
  readonly value: string;
}

/** Why a field selector is refused, in upstream's words. */
export class FieldSelectorError extends Error {}

const escaped = (value: string): string => value.replaceAll(/[\\,=]/g, (character) => `\\${character}`);

/** Conditions that must all hold (fields.Selector). A field that is not there is empty. Immutable. */
export class FieldSelector {
  readonly requirements: readonly FieldRequirement[];

  constructor(requirements: readonly FieldRequirement[]) {
    this.requirements = requirements;
  }

  /** `valueOf` reads a field; empty where there is none. */
  matches(valueOf: (field: string) => string): boolean {
    return this.requirements.every(({ field, operator, value }) => (valueOf(field) === value) === (operator === "="));
  }

  isEmpty(): boolean {
    return this.requirements.length === 0;
  }

  /** The one value that a field must have, if there is such a condition. */
  exactMatch(field: string): string | undefined {
    return this.requirements.find((requirement) => requirement.field === field && requirement.operator === "=")?.value;
  }

  toString(): string {
    return this.requirements.map(({ field, operator, value }) => `${field}${operator}${escaped(value)}`).join(",");
  }
}

/** Terms between commas that no backslash protects. */
const termsOf = (text: string): string[] => {
  const terms: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === ",") {
      terms.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...terms, text.slice(from)];
};

const unescaped = (value: string): string => {
  let plain = "";
  const characters = Array.from(value);
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? "";
    if (character === "\\") {
      const next = characters[++at];
      if (next !== "\\" && next !== "," && next !== "=")
        throw new FieldSelectorError(`invalid field selector: invalid escape sequence: \\${next ?? ""}`);
      plain += next;
    } else if (character === "," || character === "=") {
      throw new FieldSelectorError(`invalid field selector: unescaped character in value: ${String(character.codePointAt(0))}`);
    } else plain += character;
  }
  return plain;
};

/** The selector that a text stands for: `metadata.name=web,status.phase!=Running` (fields.ParseSelector). Throws FieldSelectorError. */
export const parseFieldSelector = (text: string): FieldSelector => {
  const requirements: FieldRequirement[] = [];
  for (const term of termsOf(text).sort()) {
    if (term === "") continue;
    const match = /^([^]*?)(!=|==|=)([^]*)$/.exec(term);
    if (!match) throw new FieldSelectorError(`invalid selector: '${text}'; can't understand '${term}'`);
    const [, field = "", operator, value = ""] = match;
    requirements.push({ field, operator: operator === "!=" ? "!=" : "=", value: unescaped(value) });
  }
  return new FieldSelector(requirements);
};
