import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import type * as Jose from "jose";

/** The public half, as a JSON Web Key. */
interface PublicJwk {
  readonly use: "sig";
  readonly kty: string;
  readonly kid: string;
  readonly alg: "RS256";
  readonly n: string;
  readonly e: string;
}

/** The key that signs service account tokens: RSA, since its public half is published for others (RS256). */
export class SigningKey {
  readonly #privateKey: Promise<KeyObject>;
  #published: Promise<PublicJwk> | undefined;
  /** Payloads of tokens whose signature has been checked; the oldest go first. */
  readonly #verified = new Map<string, unknown>();

  constructor(privateKey: Promise<KeyObject>) {
    this.#privateKey = privateKey;
    // Awaited by whoever needs it; a failure is theirs to see.
    privateKey.catch(() => {});
  }

  async sign(claims: object): Promise<string> {
    const [{ SignJWT }, { kid }, key] = await Promise.all([jose(), this.publicJwk(), this.#privateKey]);
    return new SignJWT({ ...claims }).setProtectedHeader({ alg: "RS256", kid }).sign(key);
  }

  /** The payload of a token of ours; undefined for any other. Says nothing of whether it has expired. */
  async verify(token: string): Promise<unknown> {
    const known = this.#verified.get(token);
    if (known !== undefined) return known;
    try {
      const { compactVerify } = await jose();
      const { payload } = await compactVerify(token, createPublicKey(await this.#privateKey), { algorithms: ["RS256"] });
      const claims: unknown = JSON.parse(Buffer.from(payload).toString("utf8"));
      if (this.#verified.size >= maxVerified) this.#verified.delete(this.#verified.keys().next().value ?? "");
      this.#verified.set(token, claims);
      return claims;
    } catch {
      return undefined;
    }
  }

  /** What `/openid/v1/jwks` publishes. */
  publicJwk(): Promise<PublicJwk> {
    return (this.#published ??= this.#publish());
  }

  async #publish(): Promise<PublicJwk> {
    const publicKey = createPublicKey(await this.#privateKey);
    const { n = "", e = "" } = publicKey.export({ format: "jwk" });
    const kid = createHash("sha256")
      .update(publicKey.export({ type: "spki", format: "der" }))
      .digest("base64url");
    return { use: "sig", kty: "RSA", kid, alg: "RS256", n, e };
  }
}

const maxVerified = 4096;

/** Loaded with the first token: a start needs none. */
const jose = (): Promise<typeof Jose> => import("jose");
