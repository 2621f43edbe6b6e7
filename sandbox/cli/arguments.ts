import { UsageError, type Arguments, type OptionRule } from "./verb.ts";

const shorts: Readonly<Record<string, string>> = { o: "output", h: "help", f: "filename", n: "namespace" };

/** Reads `--name value`, `--name=value`, `-o json` and words by a verb's rules. Throws UsageError for options it does not have. */
export const parseArguments = (texts: readonly string[], rules: Readonly<Record<string, OptionRule>>): Arguments => {
  const values = new Map<string, string[]>();
  const words: string[] = [];
  const rest = [...texts];
  for (let text = rest.shift(); text !== undefined; text = rest.shift()) {
    if (text === "--") {
      words.push(...rest.splice(0));
    } else if (text.startsWith("-") && text !== "-") {
      const { name, value } = optionOf(text);
      const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
      if (!rule) throw new UsageError(`unknown flag: ${text.split("=", 1)[0] ?? text}`);
      if (values.has(name) && !rule.repeated) throw new UsageError(`--${name} is given twice`);
      const given = rule.value === undefined ? flagValue(name, value) : (value ?? rest.shift());
      if (given === undefined) throw new UsageError(`flag needs an argument: --${name} ${rule.value ?? ""}`);
      values.set(name, [...(values.get(name) ?? []), given]);
    } else words.push(text);
  }
  const text = (name: string): string | undefined => values.get(name)?.[0];
  return {
    words,
    text,
    texts: (name) => values.get(name) ?? [],
    flag: (name) => text(name) === "true",
    integer: (name, { least = 0, most = Number.MAX_SAFE_INTEGER } = {}) => {
      const given = text(name);
      if (given === undefined) return undefined;
      const number = /^[0-9]+$/.test(given) ? Number(given) : Number.NaN;
      if (!(number >= least && number <= most))
        throw new UsageError(`--${name} must be a whole number from ${String(least)} to ${String(most)}, not ${JSON.stringify(given)}`);
      return number;
    },
  };
};

const optionOf = (text: string): { readonly name: string; readonly value: string | undefined } => {
  const at = text.indexOf("=");
  const spelled = text.slice(0, at < 0 ? undefined : at).replace(/^--?/, "");
  const name = text.startsWith("--") ? spelled : (shorts[spelled] ?? spelled);
  return { name, value: at < 0 ? undefined : text.slice(at + 1) };
};

const flagValue = (name: string, value: string | undefined): string => {
  if (value === undefined || value === "true") return "true";
  if (value === "false") return "false";
  throw new UsageError(`--${name} is true or false, not ${JSON.stringify(value)}`);
};
