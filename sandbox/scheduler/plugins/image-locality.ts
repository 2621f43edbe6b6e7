import { maxNodeScore, type Plugin } from "../framework/plugin.ts";

const name = "ImageLocality";
const mebibyte = 1024 * 1024;
const minThreshold = 23 * mebibyte;
const maxContainerThreshold = 1000 * mebibyte;

const withTag = (image: string): string => (image.lastIndexOf(":") <= image.lastIndexOf("/") ? `${image}:latest` : image);

/** Prefers nodes that have the pod's images already; an image that is on few nodes counts for less, so that they are not swamped. */
export const imageLocality: Plugin = {
  name,
  preScore({ pod: { spec } }, _feasible, cycle) {
    const containers = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
    const images = containers.map(({ image }) => withTag(image ?? "")).filter((image) => cycle.cluster.imageSpread(image) > 0);
    if (images.length === 0) return "zero";
    cycle.setState(imageLocality, { images, containers: containers.length });
    return undefined;
  },
  score(_pod, node, cycle) {
    const { images, containers } = cycle.stateOf(imageLocality) as { images: readonly string[]; containers: number };
    const { cluster } = cycle;
    let sum = 0;
    for (const image of images) {
      const size = node.images.get(image);
      if (size !== undefined) sum += Math.trunc(size * (cluster.imageSpread(image) / cluster.nodes.length));
    }
    const maxThreshold = maxContainerThreshold * containers;
    const bounded = Math.min(Math.max(sum, minThreshold), maxThreshold);
    return Math.trunc((maxNodeScore * (bounded - minThreshold)) / (maxThreshold - minThreshold));
  },
};
