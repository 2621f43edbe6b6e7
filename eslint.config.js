import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

const timers = ["setTimeout", "setInterval", "setImmediate", "queueMicrotask"];

/** Time and chance come in by the constructor (Clock, Random); only sandbox/base touches the host's. */
const hostTimeAndChance = {
  "no-restricted-globals": [
    "error",
    ...timers
      .filter((name) => name !== "queueMicrotask")
      .map((name) => ({ name, message: "Take a Clock; only sandbox/base touches host timers." })),
    { name: "performance", message: "Take a Clock; only sandbox/base touches host time." },
    { name: "crypto", message: "Take a Random, or import node:crypto for keys and serial numbers." },
  ],
  "no-restricted-properties": [
    "error",
    { object: "Date", property: "now", message: "Take a Clock; only sandbox/base touches host time." },
    { object: "Math", property: "random", message: "Take a Random; only sandbox/base touches host chance." },
    { object: "process", property: "hrtime", message: "Take a Clock; only sandbox/base touches host time." },
    { object: "process", property: "uptime", message: "Take a Clock; only sandbox/base touches host time." },
    { object: "AbortSignal", property: "timeout", message: "Take a Clock; only sandbox/base touches host timers." },
  ],
  "no-restricted-syntax": [
    "error",
    { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: "Take a Clock; only sandbox/base touches host time." },
    { selector: "CallExpression[callee.name='Date']", message: "Take a Clock; only sandbox/base touches host time." },
    {
      selector: `:matches(CallExpression, MemberExpression) > MemberExpression[object.name='globalThis'][property.name=/^(${timers.join("|")}|performance)$/]`,
      message: "Take a Clock; only sandbox/base touches host timers.",
    },
  ],
  "no-restricted-imports": [
    "error",
    {
      paths: [
        ...["timers", "timers/promises", "perf_hooks"]
          .flatMap((name) => [name, `node:${name}`])
          .map((name) => ({ name, message: "Take a Clock." })),
        { name: "node:crypto", importNames: ["randomUUID"], message: "Take a Random." },
        { name: "vscode", message: "The sandbox has never heard of VS Code." },
      ],
    },
  ],
};

export default tseslint.config(
  { ignores: ["dist/", "node_modules/", ".cache/", "coverage/", "test-results/", "sandbox/api/generated/"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  eslint.configs.recommended,
  {
    files: ["**/*.{js,mjs,cjs}"],
    languageOptions: { globals: { console: "readonly", process: "readonly", URL: "readonly", module: "writable", require: "readonly" } },
  },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ["*.config.ts"] }, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "eqeqeq": ["error", "always", { null: "ignore" }],
      "no-restricted-exports": [
        "error",
        { restrictDefaultExports: { direct: true, named: true, defaultFrom: true, namedFrom: true, namespaceFrom: true } },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      // Objects come off the wire: a type says what the schema promises, a check says what a client sent.
      "@typescript-eslint/no-useless-default-assignment": "off",
      "@typescript-eslint/no-unnecessary-condition": "off",
      // noUncheckedIndexedAccess asks for `!` where a loop has proved the index.
      "@typescript-eslint/no-non-null-assertion": "off",
      // Contracts answer promises also where an implementation has nothing to wait for.
      "@typescript-eslint/require-await": "off",
      // Drafts are plain JSON; dropping a field from one is what a strategy does.
      "@typescript-eslint/no-dynamic-delete": "off",
      // `get<T>(type)` lets a caller say what a border cannot know.
      "@typescript-eslint/no-unnecessary-type-parameters": "off",
    },
  },
  { files: ["**/*.config.ts"], rules: { "no-restricted-exports": "off" } },
  { files: ["sandbox/**/*.ts"], ignores: ["sandbox/base/clock/**", "sandbox/base/random/**"], rules: hostTimeAndChance },
  { files: ["media/**/*.ts"], rules: { "no-restricted-imports": ["error", { patterns: ["node:*", "vscode"] }] } },
  { files: ["**/*.test.ts"], rules: { "@typescript-eslint/unbound-method": "off" } },
);
