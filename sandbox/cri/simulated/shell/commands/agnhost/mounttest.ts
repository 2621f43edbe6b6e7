import { FileError } from "../../../file-error.ts";
import { encode } from "../../process.ts";
import { print, type Context, type Program } from "../command.ts";
import { goFlags } from "./flags.ts";
import { contentOf } from "./small-servers.ts";

const newContent = "mount-tester new file\n";
/** Go's os.FileMode as it is printed. */
export const goMode = (mode: number, folder: boolean): string =>
  (folder ? "d" : "") +
  (mode & 0o4000 ? "u" : "") +
  (mode & 0o2000 ? "g" : "") +
  (mode & 0o1000 ? "t" : "") +
  (folder || mode & 0o7000 ? "" : "-") +
  [6, 3, 0]
    .map((shift) => ((bits) => (bits & 4 ? "r" : "-") + (bits & 2 ? "w" : "-") + (bits & 1 ? "x" : "-"))((mode >> shift) & 7))
    .join("");

/** Go's words for what the C library calls by capitals. */
const goError = (operation: string, path: string, { message }: FileError): string => `${operation} ${path}: ${message.toLowerCase()}`;

/** Tells of files: type of file system, mode, owner, content; makes new ones. In the order that upstream's program has. */
export const mounttest: Program = async (args, context) => {
  const { flags } = goFlags(args, ["break_on_expected_content"]);
  const { files } = context.process;
  let failed = false;
  const say = (line: string): void => print(context, `${line}\n`);
  const of = (flag: string): string | undefined => flags.get(flag) || undefined;
  const check = (flag: string, tell: (path: string) => void, what: string): void => {
    const path = of(flag);
    if (path === undefined) return;
    if (files.exists(path)) {
      tell(path);
      return;
    }
    say(`error with ${what} ${JSON.stringify(path)}: no such file or directory`);
    failed = true;
  };
  const show = (path: string): void => {
    const content = contentOf(path, context);
    failed ||= typeof content !== "string";
    say(
      typeof content === "string"
        ? `content of file ${JSON.stringify(path)}: ${content}`
        : `error reading file content for ${JSON.stringify(path)}: ${goError("open", path, content)}`,
    );
  };
  check("fs_type", (path) => say(`mount type of ${JSON.stringify(path)}: ${files.fileSystem(path)}`), "statfs");
  for (const mode of ["0644", "0666", "0660", "0777"]) {
    const path = of(`new_file_${mode}`);
    if (path === undefined) continue;
    try {
      files.write(path, encode(newContent), false, parseInt(mode, 8));
      show(path);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      say(`error writing new file ${JSON.stringify(path)}: ${goError("open", path, error)}`);
      failed = true;
    }
  }
  check(
    "file_mode",
    (path) => say(`mode of file ${JSON.stringify(path)}: ${goMode(files.mode(path), files.isDirectory(path))}`),
    "file mode of",
  );
  check("file_perm", (path) => say(`perms of file ${JSON.stringify(path)}: ${goMode(files.mode(path) & 0o777, false)}`), "file perms of");
  check(
    "file_owner",
    (path) => {
      const { uid, gid } = files.access(path);
      say(`owner UID of ${JSON.stringify(path)}: ${uid}`);
      say(`owner GID of ${JSON.stringify(path)}: ${gid}`);
    },
    "file owner of",
  );
  const content = of("file_content");
  if (content !== undefined) show(content);
  const again = of("file_content_in_loop");
  if (again !== undefined)
    failed =
      !(await loop(again, Number(flags.get("retry_time") ?? 180), flags.get("break_on_expected_content") !== "false", context)) || failed;
  return failed ? 1 : 0;
};

/** Reads a file every two seconds; the answer is whether the last reading went well. */
const loop = async (path: string, seconds: number, breaks: boolean, context: Context): Promise<boolean> => {
  const { clock, killed } = context.process;
  let well = true;
  const until = clock.now() + seconds * 1000;
  for (let again = false; clock.now() < until; again = true) {
    if (again) await clock.sleep(2000, killed);
    const content = contentOf(path, context);
    well = typeof content === "string";
    if (typeof content !== "string") {
      print(context, `Error reading file ${path}: ${goError("open", path, content)}, retrying\n`);
      continue;
    }
    print(context, `content of file ${JSON.stringify(path)}: ${content}\n`);
    if (!breaks) continue;
    if (content === newContent) break;
    print(context, `Unexpected content. Expected: ${newContent}. Retrying`);
  }
  return well;
};
