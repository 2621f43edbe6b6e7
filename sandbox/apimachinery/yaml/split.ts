/** A piece of a text that holds one document, and the line it begins on, counted from 0. */
export interface TextPart {
  readonly text: string;
  readonly line: number;
}

/** A text cut where a line begins with `---`: that ends a document wherever it stands. Pieces that hold nothing are left out. */
export const splitDocuments = (text: string): readonly TextPart[] => {
  const parts: TextPart[] = [];
  let line = 0;
  for (const piece of text.split(/^(?=---(?:\s|$))/m)) {
    if (piece.trim() !== "" && piece.trim() !== "---") parts.push({ text: piece, line });
    line += piece.split("\n").length - 1;
  }
  return parts;
};
