import { describe, expect, test } from "vitest";
import { ConfigurationError, parseConfiguration, schedulerOptions } from "./configuration.ts";

const header = "apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n";
const profile = (yaml: string) =>
  schedulerOptions(parseConfiguration(header + yaml))
    .profiles.values()
    .next().value!;

describe("a KubeSchedulerConfiguration", () => {
  test("without profiles has the default one", () => {
    const { schedulerName, filter, score, bind } = profile("");
    expect(schedulerName).toBe("default-scheduler");
    expect(filter.map(({ name }) => name)).toEqual(
      "NodeUnschedulable NodeName TaintToleration NodeAffinity NodePorts NodeResourcesFit VolumeRestrictions NodeVolumeLimits VolumeBinding VolumeZone PodTopologySpread InterPodAffinity DynamicResources".split(
        " ",
      ),
    );
    expect(score.map(({ plugin, weight }) => `${plugin.name} ${String(weight)}`)).toEqual([
      "TaintToleration 3",
      "NodeAffinity 2",
      "NodeResourcesFit 1",
      "PodTopologySpread 2",
      "InterPodAffinity 2",
      "NodeResourcesBalancedAllocation 1",
      "ImageLocality 1",
    ]);
    expect(bind.map(({ name }) => name)).toEqual(["DefaultBinder"]);
  });

  test.each<[string, string, readonly string[]]>([
    [
      "leaves out what is disabled",
      "disabled: [{name: TaintToleration}]",
      [
        "NodeAffinity 2",
        "NodeResourcesFit 1",
        "PodTopologySpread 2",
        "InterPodAffinity 2",
        "NodeResourcesBalancedAllocation 1",
        "ImageLocality 1",
      ],
    ],
    ["has only what is named beside a star", "{disabled: [{name: '*'}], enabled: [{name: ImageLocality, weight: 7}]}", ["ImageLocality 7"]],
    [
      "puts first what is given a weight",
      "{enabled: [{name: InterPodAffinity, weight: 9}]}",
      [
        "InterPodAffinity 9",
        "TaintToleration 3",
        "NodeAffinity 2",
        "NodeResourcesFit 1",
        "PodTopologySpread 2",
        "NodeResourcesBalancedAllocation 1",
        "ImageLocality 1",
      ],
    ],
  ])("%s", (_rule, score, expected) => {
    const text = `profiles:\n- plugins:\n    score: ${score.startsWith("{") ? score : `{${score}}`}\n`;
    expect(profile(text).score.map(({ plugin, weight }) => `${plugin.name} ${String(weight)}`)).toEqual(expected);
  });

  test("disables a plugin everywhere by multiPoint", () => {
    const made = profile("profiles:\n- plugins: {multiPoint: {disabled: [{name: NodeResourcesFit}]}}\n");
    expect([...made.filter, ...made.score.map(({ plugin }) => plugin)].map(({ name }) => name)).not.toContain("NodeResourcesFit");
  });

  test.each([
    ["kind: Nonsense\napiVersion: kubescheduler.config.k8s.io/v1\n", "kind: Unsupported value"],
    ["apiVersion: v1\nkind: KubeSchedulerConfiguration\n", "apiVersion: Unsupported value"],
    [`${header}profiles: 3\n`, "profiles: Invalid value: 3: must be an array"],
    [`${header}podMaxBackoffSeconds: 0\n`, "podMaxBackoffSeconds: Invalid value: 0"],
    [`${header}percentageOfNodesToScore: 101\n`, "percentageOfNodesToScore: Invalid value: 101: not in valid range [0-100]"],
    [`${header}profiles: [{schedulerName: a}, {schedulerName: a}]\n`, `profiles[1].schedulerName: Duplicate value: "a"`],
    [`${header}profiles: [{plugins: {filter: {enabled: [{name: Nobody}]}}}]\n`, `profiles[0].plugins.filter: Not found: "Nobody"`],
    [`${header}profiles: [{plugins: {filter: {enabled: [{name: ImageLocality}]}}}]\n`, "does not extend filter plugin"],
    [
      `${header}profiles: [{pluginConfig: [{name: InterPodAffinity, args: {hardPodAffinityWeight: 101}}]}]\n`,
      "profiles[0].pluginConfig[0].args.hardPodAffinityWeight: Invalid value: 101: not in valid range [0, 100]",
    ],
  ])("%j is refused", (text, message) => {
    expect(() => schedulerOptions(parseConfiguration(text))).toThrow(ConfigurationError);
    expect(() => schedulerOptions(parseConfiguration(text))).toThrow(message);
  });
});
