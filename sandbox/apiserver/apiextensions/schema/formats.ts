import { parseCIDR, parseIP } from "../../../apimachinery/validation/ip.ts";

/** Formats of strings that are checked (supported formats of structural schemas); others are taken for remarks. */
const date = (text: string): boolean => {
  const match = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
};

const dateTime = (text: string): boolean => {
  const match = /^([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$/.exec(text);
  return match !== null && date(match[1] ?? "") && Number(match[2]) < 24 && Number(match[3]) < 60 && Number(match[4]) < 60;
};

const uuid = (version: string, variant: string): ((text: string) => boolean) => {
  const pattern = new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?${variant}[0-9a-f]{3}-?[0-9a-f]{12}$`, "i");
  return (text) => pattern.test(text);
};

const hostname = (text: string): boolean =>
  text.length <= 255 &&
  /^([a-zA-Z0-9_]([-a-zA-Z0-9_]{0,61}[a-zA-Z0-9_])?)(\.[a-zA-Z0-9_]([-a-zA-Z0-9_]{0,61}[a-zA-Z0-9_])?)*\.?$/.test(text);

const email = (text: string): boolean =>
  /^[^\s@<>(),;:\\"[\]]+@[^\s@<>(),;:\\"[\]]+$/.test(text) && !text.startsWith(".") && !text.includes("..") && !text.includes(".@");

const uri = (text: string): boolean => {
  if (!/^[\x21-\x7e]+$/.test(text)) return false;
  if (text.startsWith("/")) return true;
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(text);
  if (!scheme || /%(?![0-9a-fA-F]{2})/.test(text)) return false;
  const authority = /^[a-zA-Z][a-zA-Z0-9+.-]*:\/\/([^/?#]*)/.exec(text)?.[1];
  return (
    authority === undefined || (/^(.*@)?(\[[0-9a-fA-F:.%]+\]|[^:[\]@]*)(:[0-9]*)?$/.test(authority) && !/[<>"{}|\\^`]/.test(authority))
  );
};

/** Go's durations, and words such as `3 days` (strfmt.ParseDuration). */
const duration = (text: string): boolean =>
  /^[-+]?(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+$/.test(text) ||
  /^[-+]?0$/.test(text) ||
  /^(\s*[0-9]+\s*(nanoseconds?|nanos?|ns|microseconds?|micros?|us|µs|milliseconds?|millis?|ms|seconds?|sec|s|minutes?|min|m|hours?|hr|h|days?|d|weeks?|wk|w)\s*)+$/.test(
    text,
  );

const byte = (text: string): boolean => /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text);

const luhn = (text: string): boolean => {
  const digits = text.replaceAll(/[^0-9]/g, "");
  if (
    !/^(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35\d{3})\d{11})$/.test(
      digits,
    )
  )
    return false;
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at]);
    sum += at % 2 === 0 ? digit : digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
};

const checks: Readonly<Record<string, (text: string) => boolean>> = {
  "bsonobjectid": (text) => /^[0-9a-fA-F]{24}$/.test(text),
  "uri": uri,
  "email": email,
  "hostname": hostname,
  "ipv4": (text) => !text.includes(":") && parseIP(text, { sloppy: false }) !== undefined,
  "ipv6": (text) => text.includes(":") && parseIP(text, { sloppy: false }) !== undefined,
  "cidr": (text) => parseCIDR(text, { sloppy: false }) !== undefined,
  "mac": (text) => /^([0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}([:-][0-9a-fA-F]{2}){0,14}|[0-9a-fA-F]{4}(\.[0-9a-fA-F]{4}){2,9})$/.test(text),
  "uuid": uuid("[0-9a-f]", "[0-9a-f]"),
  "uuid3": uuid("3", "[0-9a-f]"),
  "uuid4": uuid("4", "[89ab]"),
  "uuid5": uuid("5", "[89ab]"),
  "isbn": (text) => /^(?:[0-9]{9}[0-9X]|[0-9]{13})$/.test(text.replaceAll(/[\s-]/g, "")),
  "isbn10": (text) => /^[0-9]{9}[0-9X]$/.test(text.replaceAll(/[\s-]/g, "")),
  "isbn13": (text) => /^[0-9]{13}$/.test(text.replaceAll(/[\s-]/g, "")),
  "creditcard": luhn,
  "ssn": (text) => /^[0-9]{3}[- ]?[0-9]{2}[- ]?[0-9]{4}$/.test(text),
  "hexcolor": (text) => /^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/.test(text),
  "rgbcolor": (text) => /^rgb\(\s*(0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])\s*(,\s*(0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])\s*){2}\)$/.test(text),
  "byte": byte,
  "date": date,
  "duration": duration,
  "datetime": dateTime,
  "k8s-short-name": (text) => text.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text),
  "k8s-long-name": (text) => text.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(text),
};

/** Whether a text is of a format. True for formats that nobody checks. */
export const fitsFormat = (format: string, text: string): boolean => {
  const name = format.toLowerCase().replaceAll("-", "");
  const check = Object.hasOwn(checks, format) ? checks[format] : Object.hasOwn(checks, name) ? checks[name] : undefined;
  return check?.(text) ?? true;
};
