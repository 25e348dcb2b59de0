import { Liquid, LiquidError, TokenKind, Tokenizer, type Template, type Token, type TopLevelToken } from 'liquidjs';
import { asValue } from './protect';

/**
 * Liquid without what a message does not need: no loops, no files, no assignments, no raw output. So the work of a template grows with its length
 * only, every name in it is a declared variable or an error, and no variable's content is ever read as Liquid or as markup.
 */
const TAGS = ['if', 'unless', 'case'];
const FILTERS = ['default', 'upcase', 'downcase', 'capitalize', 'strip'];

/** In characters. A text may have 1,600, an e-mail is a page or two. */
export const SOURCE_LIMIT = 10_000;
const RENDER_LIMIT_MS = 1000; // a template takes a fraction of one; this is for a machine that hangs
const MEMORY_LIMIT = 100_000;

const engine = restricted();

export type Scope = Record<string, string | boolean | null>;

/** Fills in a template. Values arrive protected (protect.ts). Throws LiquidError when it is no Liquid or names what the scope does not hold. */
export function fillIn(source: string, scope: Scope): string {
  return engine.renderSync(parsed(source), scope) as string;
}

/** A mistake in a template: `line` and `column` count from 1. `found` is what the writer wrote. */
export type LiquidMistake = { kind: 'syntax' | 'unknown_variable'; line: number; column: number; found: string };

/** Every mistake that can be seen without values: wrong syntax, tags and filters that are not allowed, variables that are not `known`. */
export function liquidMistakes(source: string, known: readonly string[]): LiquidMistake[] {
  try {
    return [...refused(tokensOf(source)), ...unknownVariables(engine.parse(source), known)];
  } catch (error) {
    if (!(error instanceof LiquidError)) throw error;
    return [{ kind: 'syntax', ...placeOf((error as { token?: Token }).token), found: firstLine(error.message) }];
  }
}

/** The variables a template names, known or not. Throws LiquidError when it is no Liquid. */
export const variablesIn = (source: string): string[] => engine.globalFullVariablesSync(parsed(source));

function unknownVariables(templates: Template[], known: readonly string[]): LiquidMistake[] {
  const { globals } = engine.analyzeSync(templates, { partials: false });
  return Object.values(globals)
    .flat()
    .filter(({ segments: [name, ...path] }) => path.length > 0 || typeof name !== 'string' || !known.includes(name))
    .map((variable) => ({
      kind: 'unknown_variable' as const,
      line: variable.location.row,
      column: variable.location.col,
      found: variable.toString(),
    }));
}

/**
 * `(1..n)` and `[name]` fail at the moment of sending for some values, the library's analysis does not see it, and no message needs them: neither stands
 * in any tag.
 */
const refused = (tokens: TopLevelToken[]): LiquidMistake[] =>
  tokens
    .filter((token) => token.kind !== TokenKind.HTML && /\[|\.\./.test(token.getText()))
    .map((token) => ({ kind: 'syntax', ...placeOf(token), found: token.getText() }));

/** The words that are written out, each at its place: Liquid is blanked. Throws LiquidError when it is no Liquid. */
export const literalOf = (source: string): string =>
  tokensOf(source)
    .map((token) =>
      token.kind === TokenKind.HTML ? token.getText() : (token.kind === TokenKind.Output ? 'x' : ' ').repeat(token.getText().length),
    )
    .join('');

const tokensOf = (source: string): TopLevelToken[] => new Tokenizer(source, engine.options.operators).readTopLevelTokens();

function placeOf(token: { getPosition(): number[] } | undefined): { line: number; column: number } {
  const [line = 1, column = 1] = token?.getPosition() ?? [];
  return { line, column };
}

// A few hundred sources are in use at a time; parsing costs more than rendering.
const CACHE_SIZE = 2000;
const cache = new Map<string, Template[]>();

function parsed(source: string): Template[] {
  const known = cache.get(source);
  if (known) return known;
  const templates = engine.parse(source);
  if (cache.size >= CACHE_SIZE) cache.clear();
  cache.set(source, templates);
  return templates;
}

function restricted(): Liquid {
  const liquid = new Liquid({
    ownPropertyOnly: true,
    strictVariables: true,
    strictFilters: true,
    dynamicPartials: false,
    parseLimit: SOURCE_LIMIT,
    renderLimit: RENDER_LIMIT_MS,
    memoryLimit: MEMORY_LIMIT,
    outputEscape: asValue,
  });
  for (const tag of Object.keys(liquid.tags)) if (!TAGS.includes(tag)) Reflect.deleteProperty(liquid.tags, tag);
  for (const filter of Object.keys(liquid.filters)) if (!FILTERS.includes(filter)) liquid.unregisterFilter(filter);
  return liquid;
}

const firstLine = (text: string): string => text.split('\n')[0] ?? '';
