/** Puts values in place of {{ names }}; a name that nobody knows stays as it is. No expressions, no code. */
export const renderTemplate = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replaceAll(/\{\{\s*([A-Za-z]{1,40})\s*\}\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? "") : whole,
  );
