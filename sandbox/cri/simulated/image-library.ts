import { createHash } from "node:crypto";
import type { Image } from "../cri.ts";

/** What is known of an image without having it. */
export interface SimulatedImage {
  /** Runs this where the pod gives no command: a shell's command line; absent for a server that runs until it is stopped. */
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  /** Written to the log at the start, in place of a real server's greeting. */
  readonly greeting: readonly string[];
  /** The exit code after SIGTERM. */
  readonly stopCode: number;
  readonly env: Readonly<Record<string, string>>;
  readonly uid?: number;
  readonly workingDir: string;
  /** Bytes, compressed. */
  readonly size: number;
  /** What it answers to an HTTP request. */
  readonly page: (path: string, hostname: string) => { readonly code: number; readonly contentType: string; readonly body: string };
}

const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

const server = (name: string, parts: Partial<SimulatedImage> = {}): SimulatedImage => ({
  greeting: [`${name}: ready (simulated container)`],
  stopCode: 0,
  env: { PATH: path },
  workingDir: "/",
  size: 31_457_280,
  page: (_path, hostname) => ({ code: 200, contentType: "text/plain; charset=utf-8", body: `${name} on ${hostname} (simulated)\n` }),
  ...parts,
});

const shellImage = (size: number): SimulatedImage => server("sh", { cmd: ["sh"], greeting: [], size });

const library: ReadonlyMap<string, SimulatedImage> = new Map([
  ["busybox", shellImage(2_166_802)],
  ["alpine", shellImage(3_644_101)],
  ["debian", server("bash", { cmd: ["bash"], greeting: [], size: 48_494_272 })],
  ["ubuntu", server("bash", { cmd: ["bash"], greeting: [], size: 29_754_290 })],
  ["hello-world", server("hello-world", { cmd: ["echo", "Hello from a simulated container!"], greeting: [], size: 13_256 })],
  ["pause", server("pause", { greeting: [], size: 318_731 })],
  ["perl", server("perl", { greeting: [], size: 371_000_000 })],
  ["agnhost", server("agnhost", { entrypoint: ["/agnhost"], cmd: ["pause"], greeting: [], size: 53_000_000 })],
  [
    "nginx",
    server("nginx", {
      greeting: [
        "/docker-entrypoint.sh: Configuration complete; ready for start up",
        "[notice] 1#1: start worker processes (simulated container)",
      ],
      env: { PATH: path, NGINX_VERSION: "1.27.0" },
      size: 71_005_258,
      page: () => ({
        code: 200,
        contentType: "text/html",
        body: "<!DOCTYPE html>\n<html>\n<head><title>Welcome to nginx!</title></head>\n<body><h1>Welcome to nginx!</h1>\n<p>Answered by a simulated container.</p></body>\n</html>\n",
      }),
    }),
  ],
  [
    "httpd",
    server("httpd", {
      size: 58_000_000,
      page: () => ({ code: 200, contentType: "text/html", body: "<html><body><h1>It works!</h1></body></html>\n" }),
    }),
  ],
  [
    "redis",
    server("redis", {
      greeting: ["1:C # Redis is starting (simulated container)", "1:M * Ready to accept connections tcp"],
      uid: 999,
      workingDir: "/data",
      size: 45_006_722,
    }),
  ],
  [
    "postgres",
    server("postgres", {
      greeting: [
        "PostgreSQL init process complete; ready for start up. (simulated container)",
        "LOG:  database system is ready to accept connections",
      ],
      size: 149_000_000,
    }),
  ],
  ["mysql", server("mysqld", { greeting: ["[Server] /usr/sbin/mysqld: ready for connections. (simulated container)"], size: 170_000_000 })],
]);

/** `nginx` → `docker.io/library/nginx:latest`: an image's name as containerd writes it. */
export const normalizedReference = (image: string): string => {
  const [beforeDigest = "", digest] = image.split("@");
  const first = beforeDigest.split("/")[0]!;
  const hasRegistry = beforeDigest.includes("/") && (first.includes(".") || first.includes(":") || first === "localhost");
  const named = hasRegistry ? beforeDigest : `docker.io/${beforeDigest.includes("/") ? "" : "library/"}${beforeDigest}`;
  if (digest !== undefined) return `${named}@${digest}`;
  return named.slice(named.lastIndexOf("/")).includes(":") ? named : `${named}:latest`;
};

const repositoryOf = (reference: string): string => {
  const name = reference.split("@")[0]!;
  return name.slice(name.lastIndexOf("/")).includes(":") ? name.slice(0, name.lastIndexOf(":")) : name;
};

export const simulatedImage = (image: string): SimulatedImage => {
  const name = repositoryOf(normalizedReference(image)).split("/").at(-1)!;
  return library.get(name) ?? server(name);
};

/** The image as a node that pulled it lists it. The digest is made from the name: the same everywhere, and nobody's real one. */
export const pulledImage = (image: string): Image => {
  const reference = normalizedReference(image);
  const { size, uid } = simulatedImage(image);
  const digest = reference.includes("@")
    ? reference.slice(reference.indexOf("@") + 1)
    : `sha256:${createHash("sha256").update(reference).digest("hex")}`;
  return {
    id: `sha256:${createHash("sha256").update(`config ${reference}`).digest("hex")}`,
    repoTags: reference.includes("@") ? [] : [reference],
    repoDigests: [`${repositoryOf(reference)}@${digest}`],
    size,
    uid: uid ?? 0,
  };
};
