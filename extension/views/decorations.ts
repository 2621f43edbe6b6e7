import * as vscode from "vscode";
import type { Row } from "./row.ts";

const scheme = "drydock-row";

/** What a row's decoration says stands in its URI: a changed row has another URI, so that nothing has to be remembered. */
export const rowUri = ({ id, tone, badge }: Row): vscode.Uri | undefined =>
  tone === "bad" || tone === "busy" || badge !== undefined
    ? vscode.Uri.from({ scheme, path: `/${id}`, query: `${tone ?? ""}&${badge ?? ""}` })
    : undefined;

/** Colours the names of rows in trouble and puts their badges at the right edge. */
export const rowDecorations: vscode.FileDecorationProvider = {
  provideFileDecoration({ scheme: of, query }) {
    if (of !== scheme) return undefined;
    const [tone, badge] = query.split("&", 2);
    const color = tone === "bad" ? new vscode.ThemeColor("list.errorForeground") : undefined;
    return new vscode.FileDecoration(badge === "" ? undefined : badge, badge === "" ? undefined : "container restarts", color);
  },
};
