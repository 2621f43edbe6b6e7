import { headerValues, type Authenticator } from "./authenticator.ts";

const extraPrefix = "x-remote-extra-";

/** A proxy that we trust says who asks (`X-Remote-User`, `-Group`, `-Uid`, `-Extra-…`). Believed only with a certificate of the front-proxy authority. */
export const frontProxy =
  (allowedNames: readonly string[]): Authenticator =>
  ({ headers, certificate }) => {
    if (certificate?.authority !== "front-proxy") return undefined;
    if (allowedNames.length > 0 && !allowedNames.includes(certificate.commonName)) return undefined;
    const [name] = headerValues(headers["x-remote-user"]);
    if (!name) return undefined;
    const [uid] = headerValues(headers["x-remote-uid"]);
    const extra = new Map<string, readonly string[]>();
    for (const [header, value] of Object.entries(headers))
      if (header.startsWith(extraPrefix)) extra.set(unescapeExtraKey(header.slice(extraPrefix.length)), headerValues(value));
    return {
      user: {
        name,
        ...(uid && { uid }),
        groups: headerValues(headers["x-remote-group"])
          .flatMap((value) => value.split(",").map((each) => each.trim()))
          .filter((group) => group !== ""),
        ...(extra.size > 0 && { extra: Object.fromEntries(extra) }),
      },
    };
  };

/** Keys of `extra` travel in header names, percent-escaped where a header could not carry them. */
export const unescapeExtraKey = (escaped: string): string => {
  try {
    return decodeURIComponent(escaped);
  } catch {
    return escaped;
  }
};
