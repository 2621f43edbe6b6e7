import { expect, test } from "vitest";
import type { PodTemplateSpec } from "../../../api/types.ts";
import { goDump } from "./go-dump.ts";
import { dumpQuantity } from "./go-quantity.ts";
import { goJson, revisionHash } from "./revision-hash.ts";
import { templateHash } from "./template-hash.ts";

const template = {
  metadata: { creationTimestamp: null, labels: { app: "web" } },
  spec: {
    containers: [
      {
        name: "web",
        image: "nginx:1",
        resources: {},
        terminationMessagePath: "/dev/termination-log",
        terminationMessagePolicy: "File",
        imagePullPolicy: "IfNotPresent",
      },
    ],
    ...{
      restartPolicy: "Always",
      terminationGracePeriodSeconds: 30,
      dnsPolicy: "ClusterFirst",
      securityContext: {},
      schedulerName: "default-scheduler",
    },
  },
} as PodTemplateSpec;

test("a struct is printed with all of its fields in Go's order, and with their types", () => {
  expect(goDump("TCPSocketAction", { port: "http" })).toBe(
    "(v1.TCPSocketAction){Port:(intstr.IntOrString){Type:(intstr.Type)1 IntVal:(int32)0 StrVal:(string)http} Host:(string)}",
  );
  expect(goDump("Capabilities", { add: ["NET_ADMIN", "SYS_TIME"] })).toBe(
    "(v1.Capabilities){Add:([]v1.Capability)[NET_ADMIN SYS_TIME] Drop:([]v1.Capability)<nil>}",
  );
  expect(goDump("GRPCAction", { port: 80, service: "s" })).toBe("(v1.GRPCAction){Port:(int32)80 Service:(*string)s}");
  expect(goDump("SecretKeySelector", { name: "s", key: "k" })).toBe(
    "(v1.SecretKeySelector){LocalObjectReference:(v1.LocalObjectReference){Name:(string)s} Key:(string)k Optional:(*bool)<nil>}",
  );
});

test.each([
  ["0", "{value:(int64)0 scale:(resource.Scale)0}", "0", "DecimalSI"],
  ["100m", "{value:(int64)100 scale:(resource.Scale)-3}", "100m", "DecimalSI"],
  ["1Gi", "{value:(int64)1073741824 scale:(resource.Scale)0}", "1Gi", "BinarySI"],
  ["64Mi", "{value:(int64)67108864 scale:(resource.Scale)0}", "", "BinarySI"],
  ["1e9", "{value:(int64)1 scale:(resource.Scale)9}", "1e9", "DecimalExponent"],
])("the quantity %s is printed as Go keeps it", (text, int, kept, format) => {
  expect(dumpQuantity(text)).toBe(
    `{i:(resource.int64Amount)${int} d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} s:(string)${kept} Format:(resource.Format)${format}}`,
  );
});

test("a template's hash is the same for the same template, and another after a collision", () => {
  expect(templateHash(template)).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]{1,10}$/);
  expect(templateHash(template)).toBe(templateHash(structuredClone(template)));
  expect(templateHash(template, 1)).not.toBe(templateHash(template));
});

test("a revision's hash is over its data as Go writes JSON", () => {
  expect(goJson({ b: "<&>", a: [1, null, { z: true, y: undefined }] })).toBe('{"a":[1,null,{"z":true}],"b":"\\u003c\\u0026\\u003e"}');
  expect(revisionHash({ a: 1, b: 2 }, 0)).toBe(revisionHash({ b: 2, a: 1 }, 0));
  expect(revisionHash({ a: 1 }, 0)).not.toBe(revisionHash({ a: 1 }, 1));
});
