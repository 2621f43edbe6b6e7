import * as vscode from "vscode";
import type { TextRange } from "../../sandbox/manifest.ts";

export const rangeOf = ({ start, end }: TextRange): vscode.Range => new vscode.Range(start.line, start.character, end.line, end.character);
