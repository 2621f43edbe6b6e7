import * as vscode from "vscode";
import { looksLikeManifest, objectsOf, type ManifestObject } from "../language/manifest-text.ts";

/** The objects of one file that a manifest command is about. */
export interface Target {
  readonly uri: vscode.Uri;
  readonly objects: readonly ManifestObject[];
}

const manifestNames = "**/*.{yaml,yml,json}";
const most = 1000;

const textOf = async (uri: vscode.Uri): Promise<string> => {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  return open?.getText() ?? new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
};

const isFolder = async (uri: vscode.Uri): Promise<boolean> =>
  uri.scheme !== "untitled" && ((await vscode.workspace.fs.stat(uri)).type & vscode.FileType.Directory) !== 0;

/**
 * What a manifest command was called for: one object (`uri` and `index`, from a CodeLens), a file, or a folder with all manifests in it in order
 * of their names (from the explorer), else the active editor.
 */
export const targetsOf = async ([given, index]: readonly unknown[]): Promise<readonly Target[]> => {
  const uri = given instanceof vscode.Uri ? given : vscode.window.activeTextEditor?.document.uri;
  if (uri === undefined) return [];
  if (await isFolder(uri)) {
    const files = await vscode.workspace.findFiles(new vscode.RelativePattern(uri, manifestNames), "**/node_modules/**", most);
    const targets = await Promise.all(files.toSorted((one, other) => one.path.localeCompare(other.path)).map(targetOf));
    return targets.filter(({ objects }) => objects.length > 0);
  }
  const target = await targetOf(uri);
  return [typeof index === "number" ? { uri, objects: target.objects.slice(index, index + 1) } : target];
};

const targetOf = async (uri: vscode.Uri): Promise<Target> => {
  const text = await textOf(uri);
  return { uri, objects: looksLikeManifest(text) ? await objectsOf(text) : [] };
};
