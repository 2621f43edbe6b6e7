import { badRequest } from "../../apimachinery/errors/constructors.ts";

/** Where a list in pages goes on: opaque to clients, upstream's form. */
export interface ContinueToken {
  /** The revision that all pages show; -1 for a list that went on without consistency after its revision was compacted. */
  readonly revision: number;
  /** The first key of the next page, after the prefix. */
  readonly start: string;
}

export const encodeContinue = ({ revision, start }: ContinueToken): string =>
  Buffer.from(JSON.stringify({ v: "meta.k8s.io/v1", rv: revision, start })).toString("base64url");

/** Throws BadRequest where the token is none of ours. */
export const decodeContinue = (text: string): ContinueToken => {
  const illegal = text.search(/[^A-Za-z0-9_-]/);
  if (illegal >= 0 || text.length % 4 === 1)
    throw invalidToken(`continue key is not valid: illegal base64 data at input byte ${String(illegal >= 0 ? illegal : text.length - 1)}`);
  const decoded = Buffer.from(text, "base64url");
  let token: { readonly v?: unknown; readonly rv?: unknown; readonly start?: unknown };
  try {
    token = JSON.parse(decoded.toString("utf8")) as typeof token;
  } catch {
    // Go's decoder names the first byte that begins no value, as a Latin character.
    throw invalidToken(
      decoded.length === 0
        ? "continue key is not valid: unexpected end of JSON input"
        : `continue key is not valid: invalid character '${String.fromCharCode(decoded[0]!)}' looking for beginning of value`,
    );
  }
  if (token.v !== "meta.k8s.io/v1")
    throw invalidToken(`continue key is not valid: server does not recognize this encoded version ${JSON.stringify(token.v ?? "")}`);
  if (typeof token.rv !== "number" || token.rv === 0)
    throw invalidToken(`continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)`);
  if (typeof token.start !== "string" || token.start === "")
    throw invalidToken("continue key is not valid: encoded start key empty (version meta.k8s.io/v1)");
  const { start } = token;
  if (start.split("/").includes("..")) throw invalidToken(`continue key is not valid: ${start}`);
  return { revision: token.rv, start };
};

const invalidToken = (words: string) => badRequest(`invalid continue token: ${words}`);
