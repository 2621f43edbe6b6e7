import { check } from "./check.ts";
import { clock } from "./clock.ts";
import { down } from "./down.ts";
import { explain } from "./explain.ts";
import { kubeconfig } from "./kubeconfig.ts";
import { status } from "./status.ts";
import { up } from "./up.ts";
import type { Verb } from "./verb.ts";
import { version } from "./version.ts";
import { whatIf } from "./what-if.ts";

/** Every verb of the command line, in the order in which help lists them. */
export const verbs: readonly Verb[] = [up, down, status, kubeconfig, check, clock, explain, whatIf, version];
