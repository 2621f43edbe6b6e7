/** One clause of an Accept header. */
export interface AcceptClause {
  readonly type: string;
  readonly subtype: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly quality: number;
}

/** The clauses of an Accept header, the most wanted first; of equal ones, concrete types before ranges (goautoneg's order). */
export const parseAccept = (header: string): readonly AcceptClause[] =>
  header
    .split(",")
    .map((part) => clauseOf(part.trim()))
    .filter((clause) => clause !== undefined)
    .sort((a, b) => b.quality - a.quality || wildness(a) - wildness(b));

const wildness = ({ type, subtype }: AcceptClause): number => (type === "*" ? 2 : 0) + (subtype === "*" ? 1 : 0);

const clauseOf = (text: string): AcceptClause | undefined => {
  const [range = "", ...rest] = text.split(";");
  const [type = "", subtype, ...more] = range.trim().split("/");
  if (more.length > 0) return undefined;
  if (subtype === undefined && type !== "*") return undefined;
  const parameters = new Map<string, string>();
  let quality = 1;
  for (const parameter of rest) {
    const at = parameter.indexOf("=");
    if (at < 0) continue;
    const key = parameter.slice(0, at).trim();
    const value = parameter.slice(at + 1).trim();
    if (key === "q") quality = Number.isNaN(Number(value)) ? 1 : Number(value);
    else parameters.set(key, value);
  }
  return { type, subtype: subtype ?? "*", parameters: Object.fromEntries(parameters), quality };
};

/** The media type of a Content-Type header, without parameters. */
export const mediaTypeOf = (contentType: string): string => (contentType.split(";")[0] ?? "").trim().toLowerCase();
