import type { PodSpec, WindowsSecurityContextOptions } from "../../../../api/types.ts";
import { invalidValue, type FieldError } from "../../../../apimachinery/validation/field-error.ts";
import { addInvalid, bytesOf } from "../../../../apimachinery/validation/fields.ts";
import { isDNS1123Subdomain } from "../../../../apimachinery/validation/names.ts";
import { visitContainers } from "./visit.ts";

const longestCredentialKiB = 64;
const longestDomain = 256;
const longestUser = 104;

const netBiosDomain = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/;
const dnsLabel = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?";
const dnsDomain = new RegExp(`^${dnsLabel}(?:\\.${dnsLabel})*$`);

/** validateWindowsSecurityContextOptions. */
export const addWindowsOptionsErrors = (errors: FieldError[], options: WindowsSecurityContextOptions | undefined, path: string): void => {
  if (!options) return;
  const { gmsaCredentialSpecName, gmsaCredentialSpec, runAsUserName } = options;
  if (gmsaCredentialSpecName !== undefined)
    addInvalid(errors, `${path}.gmsaCredentialSpecName`, gmsaCredentialSpecName, isDNS1123Subdomain(gmsaCredentialSpecName));
  if (gmsaCredentialSpec === "")
    errors.push(invalidValue(`${path}.gmsaCredentialSpec`, "", "gmsaCredentialSpec cannot be an empty string"));
  else if (gmsaCredentialSpec !== undefined && bytesOf(gmsaCredentialSpec) > longestCredentialKiB * 1024)
    errors.push(
      invalidValue(`${path}.gmsaCredentialSpec`, gmsaCredentialSpec, `gmsaCredentialSpec size must be under ${longestCredentialKiB} KiB`),
    );
  if (runAsUserName !== undefined) addInvalid(errors, `${path}.runAsUserName`, runAsUserName, userNameSentences(runAsUserName));
};

const userNameSentences = (name: string): readonly string[] => {
  if (name === "") return ["runAsUserName cannot be an empty string"];
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\x00-\x1f\x7f]/.test(name)) return ["runAsUserName cannot contain control characters"];
  const parts = name.split("\\");
  if (parts.length > 2) return ["runAsUserName cannot contain more than one backslash"];
  const domain = parts.length === 2 ? parts[0]! : undefined;
  const user = parts.at(-1)!;
  const sentences: string[] = [];
  if (domain !== undefined && bytesOf(domain) >= longestDomain)
    sentences.push(`runAsUserName's Domain length must be under ${longestDomain} characters`);
  if (domain !== undefined && !netBiosDomain.test(domain) && !dnsDomain.test(domain))
    sentences.push("runAsUserName's Domain doesn't match the NetBios nor the DNS format");
  if (user === "") sentences.push("runAsUserName's User cannot be empty");
  else if (bytesOf(user) > longestUser) sentences.push(`runAsUserName's User length must not be longer than ${longestUser} characters`);
  if (/^[. ]+$/.test(user)) sentences.push("runAsUserName's User cannot contain only periods or spaces");
  if (/["/\\:;|=,+*?<>@[\]]/.test(user)) sentences.push(`runAsUserName's User cannot contain the following characters: "/\\:;|=,+*?<>@[]`);
  return sentences;
};

/** validateWindowsHostProcessPod: all containers run as processes of the host, or none. */
export const addHostProcessErrors = (errors: FieldError[], spec: PodSpec, path: string): void => {
  const ofPod = spec.securityContext?.windowsOptions?.hostProcess;
  let [containers, processes] = [0, 0];
  visitContainers(spec, path, ({ securityContext }, containerPath) => {
    containers++;
    const ofContainer = securityContext?.windowsOptions?.hostProcess;
    if (ofPod !== undefined && ofContainer !== undefined && ofPod !== ofContainer) {
      const words = `pod hostProcess value must be identical if both are specified, was ${ofPod}`;
      errors.push(invalidValue(`${containerPath}.securityContext.windowsOptions.hostProcess`, ofContainer, words));
    }
    if (ofContainer ?? ofPod) processes++;
  });
  if (processes === 0) return;
  if (processes !== containers)
    errors.push(invalidValue(path, "", "If pod contains any hostProcess containers then all containers must be HostProcess containers"));
  if (!spec.hostNetwork)
    errors.push(invalidValue(`${path}.hostNetwork`, false, "hostNetwork must be true if pod contains any hostProcess containers"));
};
