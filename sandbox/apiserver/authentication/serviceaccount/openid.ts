import type { SigningKey } from "./signing-key.ts";

/** `/.well-known/openid-configuration`: where others find what they need to check our tokens. */
export const openIdConfiguration = (issuer: string, externalAddress: string): object => ({
  issuer,
  jwks_uri: `https://${externalAddress}/openid/v1/jwks`,
  response_types_supported: ["id_token"],
  subject_types_supported: ["public"],
  id_token_signing_alg_values_supported: ["RS256"],
});

/** `/openid/v1/jwks`. */
export const keySet = async (key: SigningKey): Promise<object> => ({ keys: [await key.publicJwk()] });
