import { ProtobufWriter, wireTypes } from "./writer.ts";

/**
 * An event of a watch as application/vnd.kubernetes.protobuf;stream=watch: four bytes of length (big-endian), then a metav1.WatchEvent around
 * the object in its own envelope (`encodeProtobuf`).
 */
export const watchFrame = (type: string, object: Uint8Array): Buffer => {
  const writer = new ProtobufWriter();
  writer.raw(object);
  writer.delimited(1, 0);
  writer.delimited(2, 0);
  writer.text(type);
  writer.tag(1, wireTypes.bytes);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(writer.size);
  writer.raw(length);
  return writer.finish();
};
