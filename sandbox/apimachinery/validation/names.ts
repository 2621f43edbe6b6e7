/**
 * What is wrong with a name, in upstream's sentences (apimachinery's util/validation): none when it is fine.
 * The sentences become details of field errors, so clients see them to the letter.
 */

const byteLength = (text: string): number => Buffer.byteLength(text, "utf8");

export const maxLengthSentence = (most: number): string => `must be no more than ${String(most)} characters`;
export const emptySentence = "must be non-empty";
export const rangeSentence = (low: number, high: number): string => `must be between ${String(low)} and ${String(high)}, inclusive`;

/** `<rule> (e.g. 'a',  or 'b', regex used for validation is '…')` */
export const patternSentence = (rule: string, pattern: string, ...examples: readonly string[]): string =>
  examples.length === 0
    ? `${rule} (regex used for validation is '${pattern}')`
    : `${rule} (e.g. ${examples.map((example) => `'${example}', `).join(" or ")}regex used for validation is '${pattern}')`;

interface Rule {
  readonly pattern: string;
  readonly regExp: RegExp;
  readonly sentence: string;
}

const rule = (pattern: string, words: string, ...examples: readonly string[]): Rule => ({
  pattern,
  regExp: new RegExp(`^${pattern}$`),
  sentence: patternSentence(words, pattern, ...examples),
});

const qualifiedName = rule(
  "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]",
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  "MyName",
  "my.name",
  "123-abc",
);
const labelValue = rule(
  `(${qualifiedName.pattern})?`,
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  "MyValue",
  "my_value",
  "12345",
);
const dns1123Label = rule(
  "[a-z0-9]([-a-z0-9]*[a-z0-9])?",
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  "my-name",
  "123-abc",
);
const dns1123Subdomain = rule(
  `${dns1123Label.pattern}(\\.${dns1123Label.pattern})*`,
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  "example.com",
);
const dns1035Label = rule(
  "[a-z]([-a-z0-9]*[a-z0-9])?",
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  "my-name",
  "abc-123",
);
const wildcardSubdomain = rule(
  `\\*\\.${dns1123Subdomain.pattern}`,
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
  "*.example.com",
);
const cIdentifier = rule(
  "[A-Za-z_][A-Za-z0-9_]*",
  "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'",
  "my_name",
  "MY_NAME",
  "MyName",
);
const envVarName = rule(
  "[-._a-zA-Z][-._a-zA-Z0-9]*",
  "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit",
  "my.env-name",
  "MY_ENV.NAME",
  "MyEnvName1",
);
const configMapKey = rule(
  "[-._a-zA-Z0-9]+",
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  "key.name",
  "KEY_NAME",
  "key-name",
);
const httpHeaderName = rule("[-A-Za-z0-9]+", "a valid HTTP header must consist of alphanumeric characters or '-'", "X-Header-Name");
const percent = rule("[0-9]+%", "a valid percent string must be a numeric string followed by an ending '%'", "1%", "93%");
const httpPath = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";

/** The pattern of names where dots count as part of a host's name: linear, unlike the sentence's own pattern. */
const breaks = (value: string, most: number, { regExp, sentence }: Rule): string[] => [
  ...(byteLength(value) > most ? [maxLengthSentence(most)] : []),
  ...(regExp.test(value) ? [] : [sentence]),
];

const labelLength = 63;
const subdomainLength = 253;

/** A label in DNS: names of namespaces, containers, volumes. */
export const isDNS1123Label = (value: string): string[] => {
  const sentences = byteLength(value) > labelLength ? [maxLengthSentence(labelLength)] : [];
  if (dns1123Label.regExp.test(value)) return sentences;
  return [...sentences, dns1123Subdomain.regExp.test(value) ? "must not contain dots" : dns1123Label.sentence];
};

/** Most objects' names. */
export const isDNS1123Subdomain = (value: string): string[] => breaks(value, subdomainLength, dns1123Subdomain);

const subdomainWithUnderscore = (() => {
  const label = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
  return new RegExp(`^${label}(\\.${label})*$`);
})();

/** Search domains of a pod's DNS configuration may carry underscores. */
export const isDNS1123SubdomainWithUnderscore = (value: string): string[] => [
  ...(byteLength(value) > subdomainLength ? [maxLengthSentence(subdomainLength)] : []),
  ...(subdomainWithUnderscore.test(value)
    ? []
    : [
        patternSentence(
          "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character",
          dns1123Subdomain.pattern,
          "example.com",
        ),
      ]),
];

/** Names of services, and of a CRD's resources and kinds. */
export const isDNS1035Label = (value: string): string[] => breaks(value, labelLength, dns1035Label);

/** `*.example.com`: hosts of an Ingress. */
export const isWildcardDNS1123Subdomain = (value: string): string[] => breaks(value, subdomainLength, wildcardSubdomain);

/** `name` or `prefix.example.com/name`: keys of labels and annotations, names of resources, taints, conditions. */
export const isQualifiedName = (value: string): string[] => {
  const parts = value.split("/");
  if (parts.length > 2)
    return [`a qualified name ${qualifiedName.sentence} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  const name = parts.at(-1) ?? "";
  const sentences: string[] = [];
  const prefix = parts.length === 2 ? parts[0] : undefined;
  if (prefix === "") sentences.push(`prefix part ${emptySentence}`);
  else if (prefix !== undefined) sentences.push(...isDNS1123Subdomain(prefix).map((sentence) => `prefix part ${sentence}`));
  if (name === "") sentences.push(`name part ${emptySentence}`);
  else if (byteLength(name) > labelLength) sentences.push(`name part ${maxLengthSentence(labelLength)}`);
  if (!qualifiedName.regExp.test(name)) sentences.push(`name part ${qualifiedName.sentence}`);
  return sentences;
};

export const isValidLabelValue = (value: string): string[] => breaks(value, labelLength, labelValue);

export const isCIdentifier = (value: string): string[] => (cIdentifier.regExp.test(value) ? [] : [cIdentifier.sentence]);

const parentDirectory = (value: string): string[] => {
  if (value === "." || value === "..") return [`must not be '${value}'`];
  return value.startsWith("..") ? ["must not start with '..'"] : [];
};

export const isEnvVarName = (value: string): string[] => [
  ...(envVarName.regExp.test(value) ? [] : [envVarName.sentence]),
  ...parentDirectory(value),
];

/** What containers' environment variables may be called since 1.32: any printable ASCII but `=`. */
export const isRelaxedEnvVarName = (value: string): string[] => {
  if (value === "") return [`environment variable name ${emptySentence}`];
  return /^[\x20-\x3c\x3e-\x7e]*$/.test(value)
    ? []
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
};

/** Keys of ConfigMaps and Secrets. */
export const isConfigMapKey = (value: string): string[] => [...breaks(value, subdomainLength, configMapKey), ...parentDirectory(value)];

export const isHTTPHeaderName = (value: string): string[] => (httpHeaderName.regExp.test(value) ? [] : [httpHeaderName.sentence]);

export const isValidPercent = (value: string): string[] => (percent.regExp.test(value) ? [] : [percent.sentence]);

export const isInRange = (value: number, low: number, high: number): string[] =>
  value >= low && value <= high ? [] : [rangeSentence(low, high)];
export const isValidPortNum = (port: number): string[] => isInRange(port, 1, 65_535);
export const isValidUserID = (uid: number): string[] => isInRange(uid, 0, 2 ** 31 - 1);
export const isValidGroupID = (gid: number): string[] => isInRange(gid, 0, 2 ** 31 - 1);

/** IANA service names: what container ports are called. */
export const isValidPortName = (port: string): string[] => [
  ...(byteLength(port) > 15 ? [maxLengthSentence(15)] : []),
  ...(/^[-a-z0-9]+$/.test(port) ? [] : ["must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"]),
  ...(/[a-z]/.test(port) ? [] : ["must contain at least one letter (a-z)"]),
  ...(port.includes("--") ? ["must not contain consecutive hyphens"] : []),
  ...(port.startsWith("-") || port.endsWith("-") ? ["must not begin or end with a hyphen"] : []),
];

/** `acme.io/foo`: names of signers and job controllers. Answers the part that is wrong with each sentence. */
export const isDomainPrefixedPath = (value: string): { readonly value: string; readonly sentence: string }[] => {
  const slash = value.indexOf("/");
  const [host, path] = [value.slice(0, slash), value.slice(slash + 1)];
  if (slash <= 0 || path === "") return [{ value, sentence: 'must be a domain-prefixed path (such as "acme.io/foo")' }];
  return [
    ...isDNS1123Subdomain(host).map((sentence) => ({ value: host, sentence })),
    ...(new RegExp(`^${httpPath}$`).test(path) ? [] : [{ value: path, sentence: patternSentence("Invalid path", httpPath) }]),
  ];
};

/** Replaces a generated name's trailing dash, to which a suffix will be added (maskTrailingDash). */
const withoutTrailingDash = (name: string, isPrefix: boolean): string =>
  isPrefix && name.length > 1 && name.endsWith("-") ? `${name.slice(0, -2)}a` : name;

/** ValidateNameFuncs: what a kind's name must be; `isPrefix` where a suffix will be generated. */
export const nameIsDNSSubdomain = (name: string, isPrefix: boolean): string[] => isDNS1123Subdomain(withoutTrailingDash(name, isPrefix));
export const nameIsDNSLabel = (name: string, isPrefix: boolean): string[] => isDNS1123Label(withoutTrailingDash(name, isPrefix));
export const nameIsDNS1035Label = (name: string, isPrefix: boolean): string[] => isDNS1035Label(withoutTrailingDash(name, isPrefix));

/** IsValidPathSegmentName: all that a name must be where nothing more is asked, so that it can stand in a path. */
export const nameIsPathSegment = (name: string, isPrefix: boolean): string[] => {
  if (!isPrefix && (name === "." || name === "..")) return [`may not be '${name}'`];
  return ["/", "%"].filter((banned) => name.includes(banned)).map((banned) => `may not contain '${banned}'`);
};
