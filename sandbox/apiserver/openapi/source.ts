import { createHash } from "node:crypto";
import type { VersionPack } from "../../api/pack/version-pack.ts";
import type { ServedResource } from "../discovery/served-resource.ts";
import { documentV2Protobuf } from "./protobuf-v2.ts";
import { openapiV2, openapiV3, openapiV3Paths } from "./documents-of.ts";
import type { CustomKind, DocumentSource, Json } from "./documents.ts";

/** A document as it is sent. */
export interface SerializedDocument {
  readonly json: Uint8Array;
  readonly protobuf?: Uint8Array;
  /** SHA-512 of the JSON in upper-case hexadecimal: ETag and `hash` of the index. */
  readonly hash: string;
}

export interface OpenApiOptions {
  readonly pack: VersionPack;
  readonly builtIn: readonly ServedResource[];
  /** What users have defined now. The same list as long as nothing has changed: documents are kept by it. */
  readonly custom: () => readonly CustomKind[];
}

/** OpenAPI documents, each made when it is first asked for, and again after custom resources changed. */
export const openApiSource = ({ pack, builtIn, custom }: OpenApiOptions) => {
  let made: { readonly of: readonly CustomKind[]; readonly documents: Documents } | undefined;
  let unchanged: Documents | undefined;
  const current = async (): Promise<Documents> => {
    const kinds = custom();
    if (made?.of === kinds) return made.documents;
    const descriptions = await pack.descriptions();
    unchanged ??= new Documents({ pack, descriptions, builtIn, custom: [] });
    const documents = kinds.length === 0 ? unchanged : new Documents({ pack, descriptions, builtIn, custom: kinds }, unchanged);
    made = { of: kinds, documents };
    return documents;
  };
  return {
    async v2(): Promise<SerializedDocument> {
      return (await current()).v2();
    },
    async v3(path: string): Promise<SerializedDocument | undefined> {
      return (await current()).v3(path);
    },
    async index(): Promise<readonly { readonly path: string; readonly hash: string }[]> {
      return (await current()).index();
    },
  };
};

class Documents {
  readonly #source: DocumentSource;
  /** Documents without custom resources: most of them stay as they are when one is added. */
  readonly #base: Documents | undefined;
  readonly #v3 = new Map<string, SerializedDocument | undefined>();
  #v2: SerializedDocument | undefined;

  constructor(source: DocumentSource, base?: Documents) {
    this.#source = source;
    this.#base = base;
  }

  v2(): SerializedDocument {
    if (this.#v2 !== undefined) return this.#v2;
    const document = openapiV2(this.#source);
    this.#v2 = { ...serialized(document), protobuf: documentV2Protobuf(document) };
    return this.#v2;
  }

  v3(path: string): SerializedDocument | undefined {
    if (this.#v3.has(path)) return this.#v3.get(path);
    const isCustom = this.#source.custom.some(
      ({ resource }) => path === `apis/${resource.group}/${resource.version}` || path === `apis/${resource.group}`,
    );
    const document = this.#base !== undefined && !isCustom ? this.#base.v3(path) : optional(openapiV3(this.#source, path));
    this.#v3.set(path, document);
    return document;
  }

  index(): readonly { readonly path: string; readonly hash: string }[] {
    return openapiV3Paths(this.#source).map((path) => ({ path, hash: this.v3(path)?.hash ?? "" }));
  }
}

const serialized = (document: Json): SerializedDocument => {
  const json = Buffer.from(JSON.stringify(document));
  return { json, hash: createHash("sha512").update(json).digest("hex").toUpperCase() };
};

const optional = (document: Json | undefined): SerializedDocument | undefined =>
  document === undefined ? undefined : serialized(document);
