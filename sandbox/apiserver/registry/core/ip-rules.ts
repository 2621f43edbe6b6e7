import { invalidValue, type FieldError } from "../../../apimachinery/validation/field-error.ts";
import { parseIP } from "../../../apimachinery/validation/ip.ts";

/** Addresses that mean nothing to others: unspecified, loopback, link-local (ValidateNonSpecialIP). */
export const addSpecialIPErrors = (errors: FieldError[], text: string, path: string): void => {
  const address = parseIP(text);
  if (!address) {
    errors.push(invalidValue(path, text, "must be a valid IP address"));
    return;
  }
  const { family, bytes } = address;
  const [first = 0, second = 0, third = 0] = bytes;
  const rest = bytes.slice(0, -1).every((byte) => byte === 0);
  const refuse = (words: string): void => void errors.push(invalidValue(path, text, words));
  if (bytes.every((byte) => byte === 0)) refuse(`may not be unspecified (${text})`);
  if (family === 4 ? first === 127 : rest && bytes[15] === 1) refuse("may not be in the loopback range (127.0.0.0/8, ::1/128)");
  if (family === 4 ? first === 169 && second === 254 : first === 0xfe && (second & 0xc0) === 0x80)
    refuse("may not be in the link-local range (169.254.0.0/16, fe80::/10)");
  if (family === 4 ? first === 224 && second === 0 && third === 0 : first === 0xff && (second & 0x0f) === 2)
    refuse("may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
};
