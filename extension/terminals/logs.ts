import * as vscode from "vscode";
import { pods } from "../../sandbox/index.ts";
import type { Connection } from "../cluster/connection.ts";
import { pathOf } from "../cluster/client/paths.ts";
import { messageOf } from "../support/errors.ts";

/** Follows a container's logs in a terminal, where they can be searched and keep their colours. Ends with the terminal. */
export const showLogs = (connection: Connection, namespace: string, pod: string, container: string): void => {
  const write = new vscode.EventEmitter<string>();
  const ended = new AbortController();
  const path = pathOf(pods, { namespace, name: pod, subresource: "log" });
  const pty: vscode.Pseudoterminal = {
    onDidWrite: write.event,
    open() {
      connection.client
        .lines({ path, query: { container, follow: true, tailLines: 1000 }, signal: ended.signal }, (line) => write.fire(`${line}\r\n`))
        .then(
          () => write.fire("\r\n\x1b[2mThe container's log has ended.\x1b[0m\r\n"),
          (error: unknown) => !ended.signal.aborted && write.fire(`\r\n\x1b[31m${messageOf(error)}\x1b[0m\r\n`),
        );
    },
    close() {
      ended.abort();
      write.dispose();
    },
  };
  vscode.window
    .createTerminal({ name: `${pod}/${container}`, pty, iconPath: new vscode.ThemeIcon("output"), isTransient: true })
    .show(true);
};
