import type { UserInfo } from "../operation.ts";

/** Whom the API server acts as when it calls itself. */
export const loopbackUser: UserInfo = { name: "system:apiserver", groups: ["system:masters", "system:authenticated"] };

/** How the API server's own writes are signed. */
export const loopbackAgent = "kube-apiserver";
