/** An object that a token names: its holder, or what it is bound to. */
export interface NamedObject {
  readonly name: string;
  readonly uid: string;
}

/** The part of a token that is Kubernetes' own. */
export interface KubernetesClaims {
  readonly namespace: string;
  readonly serviceaccount: NamedObject;
  readonly pod?: NamedObject;
  readonly secret?: NamedObject;
  readonly node?: { readonly name: string; readonly uid?: string };
  /** Seconds since the epoch after which using the token is worth a warning. */
  readonly warnafter?: number;
}

/** A service account token's payload. Times are seconds since the epoch. */
export interface TokenClaims {
  readonly "iss": string;
  readonly "sub": string;
  readonly "aud": readonly string[];
  readonly "exp": number;
  readonly "nbf": number;
  readonly "iat": number;
  readonly "jti": string;
  readonly "kubernetes.io": KubernetesClaims;
}

/** The payload of a token kept in a secret (kubernetes.io/service-account-token): it does not expire. */
export interface LegacyTokenClaims {
  readonly "iss": "kubernetes/serviceaccount";
  readonly "sub": string;
  readonly "kubernetes.io/serviceaccount/namespace": string;
  readonly "kubernetes.io/serviceaccount/secret.name": string;
  readonly "kubernetes.io/serviceaccount/service-account.name": string;
  readonly "kubernetes.io/serviceaccount/service-account.uid": string;
}
