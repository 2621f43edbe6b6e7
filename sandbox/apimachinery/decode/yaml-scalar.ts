const truths = new Set(["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"]);
const lies = new Set(["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"]);
const nothings = new Set(["", "~", "null", "Null", "NULL"]);
const infinities: Readonly<Record<string, number>> = {
  ".inf": Infinity,
  ".Inf": Infinity,
  ".INF": Infinity,
  "+.inf": Infinity,
  "+.Inf": Infinity,
  "+.INF": Infinity,
  "-.inf": -Infinity,
  "-.Inf": -Infinity,
  "-.INF": -Infinity,
};

const integer = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

/**
 * What an unquoted YAML scalar stands for, as kubectl and the API server read it (YAML 1.1 after go-yaml v2): `yes` and `y` are true, `014` is
 * twelve, `1_000` a thousand; times and base 60 stay text.
 */
export const plainScalar = (text: string): string | number | boolean | null => {
  if (nothings.has(text)) return null;
  if (truths.has(text)) return true;
  if (lies.has(text)) return false;
  const first = text.charCodeAt(0);
  const mayBeNumber = (first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d || first === 0x2e;
  if (!mayBeNumber) return text;
  if (text in infinities) return infinities[text]!;
  if (/^\.(?:nan|NaN|NAN)$/.test(text)) return NaN;
  const digits = text.replaceAll("_", "");
  if (integer.test(digits)) return integerOf(digits);
  return float.test(digits) ? Number(digits) : text;
};

const integerOf = (digits: string): number => {
  const negative = digits.startsWith("-");
  const unsigned = digits.replace(/^[-+]/, "");
  const value = /^0[0-7]/.test(unsigned) ? parseInt(unsigned, 8) : Number(unsigned.toLowerCase());
  return negative ? -value : value;
};
