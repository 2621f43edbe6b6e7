/**
 * Imports run one way. `allowed` is the table: for each room, the rooms it may know besides itself.
 * A room that is not here is not allowed to exist: name it, and say what it may know.
 */
const grammar = ["base", "apimachinery"];
const nouns = [...grammar, "api"];
const component = [...nouns, "client"];

const allowed = {
  base: [],
  apimachinery: ["base"],
  api: grammar,
  storage: grammar,
  apiserver: [...nouns, "storage"],
  client: nouns,
  controllers: component,
  cloud: component,
  scheduler: component,
  cri: [...grammar, "network"],
  network: ["base"],
  kubelet: [...component, "cri", "network"],
  proxy: [...component, "network"],
  dns: [...component, "network"],
  gateway: [...component, "network"],
  metrics: component,
  timeline: [...component, "storage"],
  debugger: [...component, "timeline"],
};
const rooms = Object.keys(allowed);
const inRooms = (names) => `^sandbox/(${names.join("|")})/`;
const test = "\\.(test|cases)\\.ts$";

const table = rooms.map((room) => ({
  name: `sandbox/${room}`,
  comment: allowed[room].length === 0 ? `${room} knows no other room` : `${room} may know ${allowed[room].join(", ")}`,
  severity: "error",
  from: { path: inRooms([room]), pathNot: test },
  to: { path: "^(sandbox|extension|media|test)/", pathNot: inRooms([room, ...allowed[room]]) },
}));

/** A rule about what may not be known. */
const never = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

module.exports = {
  forbidden: [
    ...table,
    never(
      "room-is-named",
      "Every room of the sandbox stands in the table above",
      { path: "^sandbox/" },
      { path: "^sandbox/[^/]+/", pathNot: inRooms([...rooms, "cluster", "cli"]) },
    ),
    never(
      "sandbox-is-plain-node",
      "sandbox knows nothing of extension, media or vscode",
      { path: "^sandbox/" },
      { path: "^(extension/|media/|vscode$|node_modules/vscode)" },
    ),
    never(
      "extension-by-the-doors",
      "extension reaches sandbox through index.ts and manifest.ts alone",
      { path: "^extension/" },
      { path: "^sandbox/", pathNot: "^sandbox/(index|manifest)\\.ts$" },
    ),
    never(
      "media-knows-contracts",
      "media knows message contracts only",
      { path: "^media/", pathNot: test },
      { path: "^(sandbox|extension|test)/", pathNot: "^extension/webviews/[^/]+/contract\\.ts$" },
    ),
    never("media-without-node", "media runs in a browser", { path: "^media/", pathNot: test }, { dependencyTypes: ["core"] }),
    never("extension-without-media", "extension and media share contracts, nothing else", { path: "^extension/" }, { path: "^media/" }),
    never(
      "nothing-imports-tests",
      "test/ is imported by tests alone",
      { path: "^(sandbox|extension|media)/", pathNot: test },
      { path: ["^test/", test] },
    ),
    never(
      "controllers-meet-through-the-api",
      "One controller knows no other",
      { path: "^sandbox/controllers/(?!framework|workloads|service-endpoints)([^/]+)/", pathNot: test },
      { path: "^sandbox/controllers/[^/]+/", pathNot: "^sandbox/controllers/(framework|workloads|service-endpoints|$1)/" },
    ),
    never(
      "plugins-know-the-framework",
      "A scheduler plugin knows neither queue nor cache",
      { path: "^sandbox/scheduler/plugins/", pathNot: test },
      { path: "^sandbox/scheduler/(queue|cache)/" },
    ),
    never(
      "kubelet-knows-contracts",
      "kubelet knows the contracts of cri and network, not who stands behind them",
      { path: "^sandbox/kubelet/", pathNot: test },
      { path: "^sandbox/(cri|network)/", pathNot: "^sandbox/(cri|network)/[^/]+\\.ts$" },
    ),
    never(
      "cri-remote-and-simulated",
      "Runtimes do not know each other",
      { path: "^sandbox/cri/(simulated|remote)/", pathNot: test },
      { path: "^sandbox/cri/(simulated|remote)/", pathNot: "^sandbox/cri/$1/" },
    ),
    never(
      "no-circles",
      "Folders that need each other are one idea or three; files of one folder may recurse together",
      { path: "^(.+)/[^/]+$", pathNot: test },
      { circular: true, pathNot: "^$1/[^/]+$", viaOnly: { dependencyTypesNot: ["type-only"] } },
    ),
    never("resolvable", "An import leads somewhere", {}, { couldNotResolve: true, pathNot: "^vscode$|^sandbox/api/generated/" }),
    never(
      "declared",
      "What ships is among the dependencies",
      { path: "^(sandbox|extension|media)/", pathNot: `${test}|generate` },
      { dependencyTypes: ["npm-dev", "npm-no-pkg"], dependencyTypesNot: ["type-only"], pathNot: "@types/" },
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^dist/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      extensions: [".ts", ".js", ".json"],
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
