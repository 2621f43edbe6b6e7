#!/usr/bin/env node
import { enableCompileCache } from "node:module";

// What was compiled once needs not be compiled again: a third of a start. It must be said before the rest is loaded.
enableCompileCache();
const { runProcess } = await import("./cli/process.ts");
await runProcess();
