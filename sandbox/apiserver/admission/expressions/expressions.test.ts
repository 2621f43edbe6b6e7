import { expect, test } from "vitest";
import { fromJson } from "../../../apimachinery/cel/index.ts";
import { authorizerValue } from "./authorizer-library.ts";
import { compiledConditions, holds } from "./conditions.ts";
import { compiled, valueOf } from "./expressions.ts";
import { compiledVariables, LazyVariables } from "./lazy-variables.ts";

const values = { object: fromJson({ metadata: { name: "a" } }, { kind: "dyn" }) };
const budget = () => ({ left: 1_000_000 });

test("an expression gives what its place asks for", () => {
  expect(compiled("1 + 1", {}, "bool").error).toBe("must evaluate to bool but got int");
  expect(compiled("params.x", {}, "bool").error).toMatch(/^compilation failed: ERROR: <input>:1:1: undeclared reference to 'params'/);
  expect(compiled("params.x", { hasParams: true }, "bool").error).toBeUndefined();
});

test("a condition that does not hold decides, whatever others have no value", () => {
  const conditions = compiledConditions(
    [
      { name: "x", expression: "object.nope == 1" },
      { name: "y", expression: "object.metadata.name == 'b'" },
    ],
    {},
  );
  expect(holds(conditions, values, budget())).toBe(false);
});

test("a condition without a value is an error when all others hold", () => {
  const conditions = compiledConditions([{ name: "x", expression: "object.nope == 1" }], {});
  expect(() => holds(conditions, values, budget())).toThrow("expression 'object.nope == 1' resulted in error: no such key: nope");
});

test("variables may use those before them", () => {
  const variables = compiledVariables(
    [
      { name: "n", expression: "object.metadata.name" },
      { name: "m", expression: "variables.n + '!'" },
    ],
    {},
  );
  const text = "variables.m == 'a!'";
  const program = compiled(text, { variables: variables.types }, "bool");
  const all = { ...values, variables: new LazyVariables(variables, values, budget()) };
  expect(valueOf(text, program, all, budget())).toBe(true);
});

test("expressions can ask who may do what", () => {
  const text = "authorizer.group('apps').resource('deployments').namespace('d').check('get').allowed()";
  const authorizer = authorizerValue({
    user: { name: "ann", groups: [] },
    authorizer: {
      authorize: ({ user, verb, group, resource, namespace }) => ({
        decision: [user.name, verb, group, resource, namespace].join() === "ann,get,apps,deployments,d" ? "allow" : "deny",
        reason: "",
      }),
    },
  });
  expect(valueOf(text, compiled(text, { hasAuthorizer: true }, "bool"), { authorizer }, budget())).toBe(true);
});
