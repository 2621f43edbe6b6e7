/** Bytes or a value that cannot be decoded: a quantity, a time, base64, protobuf. The message is upstream's; the door wraps it in a StatusError. */
export class DecodeError extends Error {}
