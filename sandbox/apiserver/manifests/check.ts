import { loadPack, type PackVersion } from "../../api/pack/load-pack.ts";
import type { VersionPack } from "../../api/pack/version-pack.ts";
import { decodeValue } from "../../apimachinery/decode/decode.ts";
import { isKubeObject } from "./kube-object.ts";
import type { AnyObject, Draft } from "../../apimachinery/meta/types.ts";
import { messageOf } from "../../apimachinery/validation/field-error.ts";
import { validateObjectMeta } from "../../apimachinery/validation/object-meta.ts";
import { toTime } from "../../base/clock/clock.ts";
import { builtInEntries } from "../registry/built-in.ts";
import { defaulted } from "../registry/defaulting.ts";
import { asStored, type ResourceEntry } from "../registry/entry.ts";
import { featuresOf } from "../registry/features.ts";
import { strategies } from "../registry/strategies.ts";
import type { StrategyContext } from "../registry/strategy.ts";
import { settleServiceAddresses } from "./service-addresses.ts";

/** What the API server would object to, at a field of the document. */
export interface Objection {
  readonly message: string;
  /** Upstream's path: `spec.containers[0].image`; empty for the object itself. */
  readonly field: string;
  readonly severity: "error" | "warning";
  /** The cause's reason: `FieldValueInvalid`. */
  readonly reason: string;
}

/** Checks objects as a creation would, up to what only a cluster knows: other objects, quotas, webhooks. */
export class ManifestChecker {
  readonly #pack: VersionPack;
  readonly #entries: ReadonlyMap<string, ResourceEntry>;
  readonly #context: Omit<StrategyContext, "version">;

  /** `now` in milliseconds since the epoch: what creation timestamps will say. */
  constructor(version: PackVersion, now: number) {
    this.#pack = loadPack(version);
    this.#entries = new Map(builtInEntries(this.#pack, strategies).map((entry) => [`${apiVersionOf(entry)} ${entry.kind}`, entry]));
    const [, minor = "32"] = version.split(".");
    this.#context = {
      user: { name: "admin", groups: ["system:masters", "system:authenticated"] },
      now,
      enabled: featuresOf(Number(minor)),
    };
  }

  /** Everything wrong with a document's value, in the order in which the API server finds it. */
  check(value: unknown): readonly Objection[] {
    if (value === null || value === undefined) return [];
    return this.#checkValue(value, "");
  }

  #checkValue(value: unknown, at: string): readonly Objection[] {
    const missing = isKubeObject(value);
    if (typeof missing === "string") return [{ message: missing, field: at, severity: "error", reason: "BadRequest" }];
    const object = value as AnyObject;
    const { apiVersion = "", kind = "", items } = object as AnyObject & { readonly items?: unknown };
    if (apiVersion === "v1" && kind === "List" && Array.isArray(items))
      return items.flatMap((item, index) => this.#checkValue(item, `${at}items[${index}].`));
    const schema = this.#pack.schemaOf(apiVersion, kind);
    if (schema === undefined) return this.#unknownKind(apiVersion, kind, at);
    const { object: decoded, error, errorPath = "", strict } = decodeValue(schema, { value: object }, true);
    if (error !== undefined) return [{ message: error, field: at + errorPath.slice(1), severity: "error", reason: "BadRequest" }];
    const unknown = strict.map((message): Objection => ({
      message: `strict decoding error: ${message}`,
      field: at + fieldOf(message),
      severity: "error",
      reason: "BadRequest",
    }));
    const entry = this.#entries.get(`${apiVersion} ${kind}`);
    return entry === undefined ? unknown : [...unknown, ...this.#created(entry, decoded as Draft<AnyObject>, at)];
  }

  /** An object as its creation would store it, defaults filled in; undefined for kinds that the release does not know, and for what cannot be decoded. */
  created(object: AnyObject): AnyObject | undefined {
    const { apiVersion = "", kind = "" } = object;
    const schema = this.#pack.schemaOf(apiVersion, kind);
    const entry = this.#entries.get(`${apiVersion} ${kind}`);
    if (!schema || !entry) return undefined;
    const { object: decoded, error } = decodeValue(schema, { value: object }, false);
    if (error !== undefined) return undefined;
    const draft = decoded as Draft<AnyObject>;
    draft.metadata ??= {};
    const prepared = defaulted(entry, draft, { ...this.#context, version: entry.version });
    entry.stored.strategy.prepareForCreate?.(prepared, { ...this.#context, version: entry.version });
    return prepared;
  }

  /** Upstream's Store.Create as far as it needs no store: defaults, preparation, validation, warnings. */
  #created(entry: ResourceEntry, decoded: Draft<AnyObject>, at: string): readonly Objection[] {
    const { stored } = entry;
    const { strategy } = stored;
    const context: StrategyContext = { ...this.#context, version: entry.version };
    decoded.apiVersion = apiVersionOf(entry);
    decoded.kind = entry.kind;
    decoded.metadata ??= {};
    place(decoded, entry.namespaced);
    const draft = asStored(entry, defaulted(entry, decoded, context)) as Draft<AnyObject>;
    const { metadata } = draft;
    if (metadata.generateName && !metadata.name) metadata.name = `${metadata.generateName.slice(0, 58)}xxxxx`;
    metadata.uid = "00000000-0000-4000-8000-000000000000";
    metadata.creationTimestamp = toTime(context.now);
    const ofAddresses = settleServiceAddresses(stored, draft);
    strategy.prepareForCreate?.(draft, context);
    const errors = [
      ...ofAddresses,
      ...validateObjectMeta(metadata, stored.namespaced, strategy.validateName),
      ...(strategy.validate?.(draft, context) ?? []),
    ];
    const warnings = errors.length > 0 ? [] : (strategy.warnings?.(draft, undefined, context) ?? []);
    const seen = new Set<string>();
    return [
      ...errors.map((error): Objection => ({
        message: `${error.field}: ${messageOf(error)}`,
        field: at + error.field,
        severity: "error",
        reason: error.type,
      })),
      ...warnings.map((message): Objection => ({
        message,
        field: at + (/^([a-z][\w.[\]/-]*): /i.exec(message)?.[1] ?? ""),
        severity: "warning",
        reason: "Warning",
      })),
    ].filter(({ message }) => !seen.has(message) && seen.add(message));
  }

  /** A group with a domain of its own may be a CRD's: only a cluster knows. */
  #unknownKind(apiVersion: string, kind: string, at: string): readonly Objection[] {
    const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
    const ours = group === "" || group.endsWith(".k8s.io") || !group.includes(".");
    return ours
      ? [
          {
            message: `no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}`,
            field: `${at}kind`,
            severity: "error",
            reason: "NotFound",
          },
        ]
      : [];
  }
}

const apiVersionOf = ({ group, version }: Pick<ResourceEntry, "group" | "version">): string =>
  group === "" ? version : `${group}/${version}`;

/** kubectl puts objects without a namespace into its context's, and drops the namespace of kinds that have none. */
const place = ({ metadata }: Draft<AnyObject>, namespaced: boolean): void => {
  if (!namespaced) delete metadata.namespace;
  else if (!metadata.namespace) metadata.namespace = "default";
};

/** `unknown field "spec.foo"` → `spec.foo`. */
const fieldOf = (message: string): string => /"(.*)"$/.exec(message)?.[1] ?? "";
