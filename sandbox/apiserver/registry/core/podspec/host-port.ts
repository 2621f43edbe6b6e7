/** Whether Go's net.SplitHostPort would read the text: `host:port`, `[::1]:port`; either part may be empty. */
export const isHostPort = (text: string): boolean => {
  if (text.startsWith("[")) return /^\[[^[\]]*\]:[^:[\]]*$/.test(text);
  return /^[^:[\]]*:[^:[\]]*$/.test(text);
};
