import ts from "typescript";

export interface SourceText {
  /** From the root of the repository, with slashes. */
  readonly path: string;
  readonly text: string;
}

export interface Import {
  readonly specifier: string;
  /** Erased by the compiler: no code of the other file runs. `import { type A }` keeps the import, so it is none. */
  readonly typeOnly: boolean;
  readonly names: readonly string[];
  readonly line: number;
}

interface Use {
  /** As written: `process.env`, `it.skip`, `setTimeout()`, `new Date()` (without arguments). */
  readonly words: string;
  readonly line: number;
}

/** What the rules ask of a file. Taken from the syntax tree, so that code in strings and comments is none. */
export interface SourceFacts {
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  /** `export … from`. */
  readonly reExports: readonly number[];
  readonly defaultExports: readonly number[];
  /** `page` of `export default page(…)`. */
  readonly defaultCalls: readonly string[];
  readonly classes: readonly { readonly extends: string | undefined; readonly line: number }[];
  readonly uses: readonly Use[];
}

export function factsOf({ path, text }: SourceText): SourceFacts {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, false);
  const imports: Import[] = [];
  const reExports: number[] = [];
  const defaultExports: number[] = [];
  const defaultCalls: string[] = [];
  const classes: { extends: string | undefined; line: number }[] = [];
  const uses: Use[] = [];
  const lineOf = (node: ts.Node) => file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;

  function visit(node: ts.Node): void {
    const line = lineOf(node);
    if (ts.isImportDeclaration(node)) imports.push({ ...importOf(node), line });
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
      reExports.push(line);
      imports.push({ specifier: textOf(node.moduleSpecifier), typeOnly: node.isTypeOnly, names: [], line });
    } else if (ts.isExportAssignment(node) || isDefault(node)) defaultExports.push(line);

    if (ts.isExportAssignment(node) && ts.isCallExpression(node.expression)) {
      defaultCalls.push(chainOf(node.expression.expression) ?? "");
    }

    if (ts.isClassLike(node)) {
      const base = node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)
        ?.types[0];
      classes.push({ extends: base && chainOf(base.expression), line });
    } else if (ts.isPropertyAccessExpression(node)) {
      const words = chainOf(node);
      if (words) uses.push({ words, line });
    } else if (ts.isNewExpression(node)) {
      const words = chainOf(node.expression);
      if (words) uses.push({ words: `new ${words}(${node.arguments?.length ? "…" : ""})`, line });
    } else if (ts.isCallExpression(node)) {
      const [argument] = node.arguments;
      const words = chainOf(node.expression);
      if (words) uses.push({ words: `${words}()`, line });
      if (
        node.expression.kind === ts.SyntaxKind.ImportKeyword &&
        argument &&
        ts.isStringLiteralLike(argument)
      ) {
        imports.push({ specifier: argument.text, typeOnly: false, names: [], line });
      }
    }
    ts.forEachChild(node, visit);
  }
  visit(file);
  const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  return { path, lines, imports, reExports, defaultExports, defaultCalls, classes, uses };
}

function importOf({ importClause, moduleSpecifier }: ts.ImportDeclaration) {
  const bindings = importClause?.namedBindings;
  const names =
    bindings && ts.isNamedImports(bindings)
      ? bindings.elements.map(({ name, propertyName }) => (propertyName ?? name).text)
      : [];
  return {
    specifier: textOf(moduleSpecifier),
    typeOnly: importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword,
    names,
  };
}

/** `a.b.c` of names only; undefined for anything else. */
function chainOf(node: ts.Node): string | undefined {
  if (ts.isIdentifier(node)) return node.text;
  if (!ts.isPropertyAccessExpression(node)) return undefined;
  const left = chainOf(node.expression);
  return left && `${left}.${node.name.text}`;
}

const isDefault = (node: ts.Node) =>
  ts.canHaveModifiers(node) &&
  (ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) ?? false);

const textOf = (specifier: ts.Expression) => (ts.isStringLiteral(specifier) ? specifier.text : "");
