/**
 * Replaces `$(NAME)` by the variable's value (Kubernetes' expansion of command, args and env). `$$(NAME)` is `$(NAME)`; what is not known
 * stays as it stands.
 */
export const expanded = (text: string, variables: ReadonlyMap<string, string>): string => {
  let result = "";
  let at = 0;
  for (let dollar = text.indexOf("$", at); dollar >= 0 && dollar + 1 < text.length; dollar = text.indexOf("$", at)) {
    result += text.slice(at, dollar);
    if (text[dollar + 1] === "$") {
      result += "$";
      at = dollar + 2;
      continue;
    }
    const end = text[dollar + 1] === "(" ? text.indexOf(")", dollar + 2) : -1;
    if (end < 0) {
      result += "$";
      at = dollar + 1;
      continue;
    }
    const name = text.slice(dollar + 2, end);
    result += variables.get(name) ?? text.slice(dollar, end + 1);
    at = end + 1;
  }
  return result + text.slice(at);
};
