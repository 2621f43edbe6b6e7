import { invalidValue, quoted, required, tooLong, type FieldError } from "./field-error.ts";
import { bytesOf } from "./fields.ts";
import { isDNS1123Label, isDNS1123Subdomain } from "./names.ts";

const domainLimit = 253;
/** A domain, a slash, and a path that has room for a label and a subdomain. */
const signerNameLimit = domainLimit + (253 + 63 + 1) + 1;

/** A signer's name is `example.com/my-signer` (ValidateSignerName). */
export const addSignerNameErrors = (errors: FieldError[], path: string, signerName: string): void => {
  if (signerName === "") {
    errors.push(required(path));
    return;
  }
  const [domain = "", name = "", ...more] = signerName.split("/");
  if (!signerName.includes("/") || more.length > 0) {
    errors.push(invalidValue(path, signerName, "must be a fully qualified domain and path of the form 'example.com/signer-name'"));
    return;
  }
  if (bytesOf(domain) > domainLimit) errors.push(tooLong(path, domainLimit));
  addLabelErrors(errors, path, domain, isDNS1123Label);
  if (!domain.includes(".")) errors.push(invalidValue(path, domain, "should be a domain with at least two segments separated by dots"));
  addLabelErrors(errors, path, name, isDNS1123Subdomain);
  if (bytesOf(signerName) > signerNameLimit) errors.push(tooLong(path, signerNameLimit));
};

/** Tells of the first label that is wrong: more would only repeat the words. */
const addLabelErrors = (errors: FieldError[], path: string, text: string, rule: (label: string) => readonly string[]): void => {
  for (const label of text.split(".")) {
    const sentences = rule(label);
    for (const sentence of sentences) errors.push(invalidValue(path, text, `validating label ${quoted(label)}: ${sentence}`));
    if (sentences.length > 0) return;
  }
};
