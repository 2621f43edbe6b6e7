import type { Container, Pod } from "../../api/types.ts";
import type { Clock } from "../../base/clock/clock.ts";
import type { ImageService, PodSandboxConfig } from "../../cri/cri.ts";
import { Backoff, goDuration } from "../backoff.ts";

/** An image could not be had: what the container waits for. */
export interface ImageFailure {
  readonly reason: "ErrImagePull" | "ImagePullBackOff" | "ErrImageNeverPull" | "InvalidImageName";
  readonly message: string;
  /** When the next try makes sense, in milliseconds from now. */
  readonly retryAfter?: number;
}

export type Tell = (type: "Normal" | "Warning", reason: string, message: string) => void;

/** Makes sure that images are there before containers start (upstream's images.ImageManager). One pull at a time an image. */
export class ImageManager {
  readonly #images: ImageService;
  readonly #clock: Clock;
  readonly #backoff = new Backoff(10_000, 300_000);
  readonly #failures = new Map<string, { readonly at: number; readonly message: string }>();
  readonly #pulling = new Map<string, Promise<void>>();

  constructor(images: ImageService, clock: Clock) {
    this.#images = images;
    this.#clock = clock;
  }

  /** Undefined when the image is there. */
  async ensure(pod: Pod, container: Container, sandbox: PodSandboxConfig, tell: Tell): Promise<ImageFailure | undefined> {
    const image = container.image ?? "";
    if (!isImageName(image)) {
      tell(
        "Warning",
        "InspectFailed",
        `Failed to apply default image tag "${image}": couldn't parse image name "${image}": invalid reference format`,
      );
      return {
        reason: "InvalidImageName",
        message: `Failed to apply default image tag "${image}": couldn't parse image name "${image}": invalid reference format`,
      };
    }
    const present = await this.#images.imageStatus({ image });
    const policy = container.imagePullPolicy ?? "IfNotPresent";
    if (present && policy !== "Always") {
      tell("Normal", "Pulled", `Container image "${image}" already present on machine`);
      return undefined;
    }
    if (!present && policy === "Never") {
      tell("Warning", "ErrImageNeverPull", `Container image "${image}" is not present with pull policy of Never`);
      return { reason: "ErrImageNeverPull", message: `Container image "${image}" is not present with pull policy of Never` };
    }
    return this.#pull(pod, container, sandbox, tell);
  }

  async #pull(pod: Pod, container: Container, sandbox: PodSandboxConfig, tell: Tell): Promise<ImageFailure | undefined> {
    const image = container.image ?? "";
    const key = `${pod.metadata.uid ?? ""}_${image}`;
    const failed = this.#failures.get(key);
    const wait = failed ? this.#backoff.remaining(key, failed.at, this.#clock.now()) : 0;
    if (failed && wait > 0) {
      tell("Normal", "BackOff", `Back-off pulling image "${image}"`);
      return {
        reason: "ImagePullBackOff",
        message: `Back-off pulling image "${image}": ErrImagePull: ${failed.message}`,
        retryAfter: wait,
      };
    }
    tell("Normal", "Pulling", `Pulling image "${image}"`);
    const began = this.#clock.now();
    try {
      await this.#once(image, container, sandbox);
    } catch (error) {
      const message = (error as Error).message;
      const now = this.#clock.now();
      this.#backoff.next(key, now, now);
      this.#failures.set(key, { at: now, message });
      tell("Warning", "Failed", `Failed to pull image "${image}": ${message}`);
      tell("Warning", "Failed", "Error: ErrImagePull");
      return { reason: "ErrImagePull", message, retryAfter: this.#backoff.delay(key) };
    }
    this.#failures.delete(key);
    const took = goDuration(Math.round(this.#clock.now() - began));
    const size = (await this.#images.imageStatus({ image }))?.size ?? 0;
    tell("Normal", "Pulled", `Successfully pulled image "${image}" in ${took} (${took} including waiting). Image size: ${size} bytes.`);
    return undefined;
  }

  /** Pods that want the same image at the same time wait for the same pull. */
  #once(image: string, container: Container, sandbox: PodSandboxConfig): Promise<void> {
    const key = `${image}\0${sandbox.annotations["drydock.dev/pull-failure"] ?? ""}\0${sandbox.annotations["drydock.dev/pull-delay"] ?? ""}`;
    const running = this.#pulling.get(key);
    if (running) return running;
    const pull = this.#images
      .pullImage({ image, annotations: { "drydock.dev/container": container.name } }, undefined, sandbox)
      .then(() => undefined);
    const done = pull.finally(() => this.#pulling.delete(key));
    this.#pulling.set(key, done);
    return done;
  }
}

/** A reference as distribution/reference accepts it, roughly: lower-case path parts, a tag, a digest. */
const isImageName = (image: string): boolean =>
  image.length < 4096 &&
  /^[A-Za-z0-9][A-Za-z0-9.:-]*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[\w][\w.-]{0,127})?(@[A-Za-z][\w+.-]*:[0-9a-fA-F]{32,})?$/.test(image);
