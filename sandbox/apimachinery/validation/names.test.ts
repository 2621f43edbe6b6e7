import { describe, expect, test } from "vitest";
import { formatIP, networkAddress, networkContains, parseCIDR, parseIP } from "./ip.ts";
import {
  isDNS1123Label,
  isDNS1123Subdomain,
  isEnvVarName,
  isQualifiedName,
  isRelaxedEnvVarName,
  isValidPortName,
  nameIsDNSLabel,
  nameIsPathSegment,
} from "./names.ts";

test("a label may not hold dots, a subdomain may", () => {
  expect(isDNS1123Label("north.harbour")).toEqual(["must not contain dots"]);
  expect(isDNS1123Subdomain("north.harbour")).toEqual([]);
});

test("a name that is checked before its suffix is generated may end in a dash", () => {
  expect(nameIsDNSLabel("tug-", true)).toEqual([]);
  expect(nameIsDNSLabel("tug-", false)).toHaveLength(1);
});

test("a qualified name has at most one prefix, which is a domain", () => {
  expect(isQualifiedName("drydock.example/berth")).toEqual([]);
  expect(isQualifiedName("/berth")).toEqual(["prefix part must be non-empty"]);
  expect(isQualifiedName("a/b/c")[0]).toMatch(/^a qualified name must consist of .* with an optional DNS subdomain prefix/);
});

test("environment variables may have any printable name without an equals sign", () => {
  expect(isEnvVarName("9LIVES")).toHaveLength(1);
  expect(isRelaxedEnvVarName("9 LIVES")).toEqual([]);
  expect(isRelaxedEnvVarName("A=B")).toHaveLength(1);
});

test("every rule that a port's name breaks has its own sentence", () => {
  expect(isValidPortName("-1--2-")).toEqual([
    "must contain at least one letter (a-z)",
    "must not contain consecutive hyphens",
    "must not begin or end with a hyphen",
  ]);
});

test("a name in a path holds no slash", () => {
  expect(nameIsPathSegment("a/b", false)).toEqual(["may not contain '/'"]);
  expect(nameIsPathSegment("..", false)).toEqual(["may not be '..'"]);
});

describe("an IP address has one canonical form", () => {
  test.each([
    ["010.1.1.1", "10.1.1.1"],
    ["2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["::ffff:10.0.0.1", "10.0.0.1"],
    ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
  ])("%s is %s", (text, canonical) => {
    const address = parseIP(text);
    expect(address && formatIP(address)).toBe(canonical);
  });
  test.each(["1::2::3", "256.0.0.1", "1.2.3", "fe80::1%eth0", ":1"])("%s is none", (text) => {
    expect(parseIP(text)).toBeUndefined();
  });
});

test("a network contains the addresses that share its prefix", () => {
  const network = parseCIDR("10.96.7.1/12");
  expect(network && formatIP(networkAddress(network))).toBe("10.96.0.0");
  expect(network && networkContains(network, { family: 4, bytes: [10, 111, 0, 1] })).toBe(true);
  expect(network && networkContains(network, { family: 4, bytes: [10, 112, 0, 1] })).toBe(false);
});
