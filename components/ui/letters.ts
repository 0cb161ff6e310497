const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/** What a reader takes for one letter each, whatever it is made of. */
export const lettersOf = (text: string): string[] =>
  Array.from(segmenter.segment(text), ({ segment }) => segment);
