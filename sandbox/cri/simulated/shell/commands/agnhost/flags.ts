/** The flags of a Go program (`--name value`, `--name=value`, `--name`) and what is none. */
export const goFlags = (
  args: readonly string[],
  switches: readonly string[] = [],
): { readonly flags: ReadonlyMap<string, string>; readonly rest: readonly string[] } => {
  const flags = new Map<string, string>();
  const rest: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const found = /^--?([A-Za-z][\w-]*)(?:=([^]*))?$/.exec(args[at]!);
    if (!found) rest.push(args[at]!);
    else if (found[2] !== undefined) flags.set(found[1]!, found[2]);
    else if (switches.includes(found[1]!)) flags.set(found[1]!, "true");
    else flags.set(found[1]!, args[++at] ?? "");
  }
  return { flags, rest };
};
