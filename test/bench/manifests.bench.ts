import { checkManifest } from "../../sandbox/manifest.ts";
import { duration, percentile, rate, type Bench } from "./bench.ts";

/** A Deployment of about 40 lines, different for each index. */
const deployment = (index: number) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-${index}
  labels:
    app: web-${index}
spec:
  replicas: 3
  selector:
    matchLabels:
      app: web-${index}
  template:
    metadata:
      labels:
        app: web-${index}
    spec:
      serviceAccountName: web
      containers:
      - name: web
        image: example.com/web:${index}
        args: ["--listen", ":8080"]
        env:
        - name: INDEX
          value: "${index}"
        - name: NODE
          valueFrom:
            fieldRef:
              fieldPath: spec.nodeName
        ports:
        - name: http
          containerPort: 8080
        readinessProbe:
          httpGet:
            path: /ready
            port: http
        resources:
          requests:
            cpu: 100m
            memory: 64Mi
          limits:
            memory: 128Mi
`;

const textOf = (from: number, count: number) => Array.from({ length: count }, (_, index) => deployment(from + index)).join("---\n");

const throughput = () => {
  checkManifest(textOf(0, 200));
  const text = textOf(1000, 1500);
  const started = performance.now();
  checkManifest(text);
  return rate("manifest checking, resources never seen before", 1500, performance.now() - started, 10_000);
};

const typing = () => {
  const documents = Array.from({ length: 96 }, (_, index) => deployment(index));
  checkManifest(documents.join("---\n"));
  const took = Array.from({ length: 200 }, (_, keystroke) => {
    const typed = documents.with(keystroke % 96, `${deployment(keystroke % 96)}# ${keystroke}\n`).join("---\n");
    const started = performance.now();
    checkManifest(typed);
    return performance.now() - started;
  });
  return duration("keystroke to diagnostics in a 4,000-line file, p95", percentile(took, 95), 60);
};

export const bench: Bench = { name: "manifests in the editor", run: async () => [throughput(), typing()] };
