/** The part of the POSIX shell's grammar that container commands use. */

export type Word = readonly WordPart[];

export type WordPart =
  | { readonly kind: "text"; readonly text: string; readonly quoted: boolean }
  | { readonly kind: "variable"; readonly name: string; readonly operator?: string; readonly argument?: Word; readonly quoted: boolean }
  | { readonly kind: "command"; readonly script: Script; readonly quoted: boolean }
  | { readonly kind: "arithmetic"; readonly text: string; readonly quoted: boolean };

export interface Redirect {
  readonly fd: number;
  readonly operator: ">" | ">>" | "<" | ">&";
  readonly target: Word;
}

export type Command =
  | {
      readonly kind: "simple";
      readonly assignments: readonly { readonly name: string; readonly value: Word }[];
      readonly words: readonly Word[];
    }
  | {
      readonly kind: "if";
      readonly branches: readonly { readonly condition: Script; readonly then: Script }[];
      readonly otherwise: Script | undefined;
    }
  | { readonly kind: "loop"; readonly until: boolean; readonly condition: Script; readonly body: Script }
  | { readonly kind: "for"; readonly name: string; readonly words: readonly Word[]; readonly body: Script }
  | { readonly kind: "case"; readonly word: Word; readonly arms: readonly { readonly patterns: readonly Word[]; readonly body: Script }[] }
  | { readonly kind: "group"; readonly body: Script; readonly subshell: boolean }
  | { readonly kind: "function"; readonly name: string; readonly body: Command };

export interface Stage {
  readonly command: Command;
  readonly redirects: readonly Redirect[];
}

export interface Pipeline {
  readonly stages: readonly Stage[];
  readonly negated: boolean;
}

/** `a && b || c &`: each pipeline runs if the one before it ended as its joint says. */
export interface AndOr {
  readonly first: Pipeline;
  readonly rest: readonly { readonly joint: "&&" | "||"; readonly pipeline: Pipeline }[];
  readonly background: boolean;
}

export type Script = readonly AndOr[];

/** The text is not a script; the words are the shell's. */
export class SyntaxFault extends Error {}
