/** The operation is part of the API's grammar, since clients in the process speak it too; the API server's rooms find it here. */
export type * from "../apimachinery/operation/operation.ts";
