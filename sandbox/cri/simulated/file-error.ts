/** A process was refused by its file system; the words are the C library's. */
export class FileError extends Error {}
