/** What every built-in resource is called: `pods`, `deployments`, `horizontalPodAutoscalers`. Made by `npm run generate`. */
export * from "./generated/resources.ts";
