/** A loader's sentence begins with file and line; where these stand already, it goes on without. */
export function withoutPlace(sentence: string, file: string): string {
  if (!sentence.startsWith(file)) return sentence;
  return sentence.slice(file.length).replace(/^(?::\d+){0,2}: /, "");
}
