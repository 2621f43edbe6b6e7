import { createHash } from "node:crypto";
import { parseBody } from "../apimachinery/decode/parse-body.ts";
import type { AnyObject } from "../apimachinery/meta/types.ts";
import type { CustomDecoder } from "../apiserver/server/decoder.ts";
import type { OpenApiSource } from "../apiserver/server/openapi-paths.ts";
import type { TablePrinters } from "../apiserver/server/table.ts";

/** How custom objects are read. */
export const customDecoder: CustomDecoder = (body, mediaType) => ({ object: parseBody(body, mediaType).value as AnyObject });

/** Columns of `kubectl get`. */
export const printers: TablePrinters = () => undefined;

const empty = JSON.stringify({ openapi: "3.0.0", info: { title: "Kubernetes", version: "unversioned" }, paths: {} });
const document = { json: empty, hash: createHash("sha512").update(empty).digest("hex").toUpperCase() };

export const openApi: OpenApiSource = {
  v2: () => Promise.resolve(document),
  index: () => Promise.resolve([]),
  v3: () => Promise.resolve(undefined),
};
