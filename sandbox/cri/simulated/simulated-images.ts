import type { Clock } from "../../base/clock/clock.ts";
import { RuntimeError, type Image, type ImageService, type ImageSpec, type PodSandboxConfig } from "../cri.ts";
import { behaviorOf } from "./behavior.ts";
import { normalizedReference, pulledImage } from "./image-library.ts";

/** The images of a simulated node. Pulling takes as long as the pod's annotations say. */
export class SimulatedImages implements ImageService {
  readonly #clock: Clock;
  readonly #images = new Map<string, Image>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What a container's imageID shows. */
  referenceOf(reference: string): string {
    return (this.#images.get(reference) ?? pulledImage(reference)).repoDigests[0]!;
  }

  listImages = (): Promise<readonly Image[]> => Promise.resolve([...this.#images.values()]);

  imageStatus = ({ image }: ImageSpec): Promise<Image | undefined> => Promise.resolve(this.#images.get(normalizedReference(image)));

  async pullImage({ image, annotations = {} }: ImageSpec, _auth?: unknown, sandboxConfig?: PodSandboxConfig): Promise<string> {
    const reference = normalizedReference(image);
    const behavior = behaviorOf({ ...sandboxConfig?.annotations, ...annotations }, annotations["drydock.dev/container"] ?? "");
    if (behavior.pullDelay > 0) await this.#clock.sleep(behavior.pullDelay);
    if (behavior.pullFailure !== undefined) {
      throw new RuntimeError(
        "NotFound",
        `failed to pull and unpack image "${reference}": failed to resolve reference "${reference}": ${behavior.pullFailure || `${reference}: not found`}`,
      );
    }
    const pulled = pulledImage(image);
    this.#images.set(reference, pulled);
    return pulled.repoDigests[0]!;
  }

  removeImage = ({ image }: ImageSpec): Promise<void> => {
    this.#images.delete(normalizedReference(image));
    return Promise.resolve();
  };

  imageFsInfo = (): Promise<{ readonly mountpoint: string; readonly usedBytes: number; readonly inodesUsed: number }> =>
    Promise.resolve({
      mountpoint: "/var/lib/containerd",
      usedBytes: [...this.#images.values()].reduce((sum, { size }) => sum + size, 0),
      inodesUsed: 1000 + this.#images.size * 500,
    });
}
