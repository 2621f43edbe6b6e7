/** What a Secret or ConfigMap may hold, in bytes (MaxSecretSize). */
export const mostDataBytes = 1024 * 1024;

/** Bytes that a base64 text stands for. */
export const bytesOfBase64 = (text: string): number => {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return Math.floor((text.length * 3) / 4) - padding;
};
