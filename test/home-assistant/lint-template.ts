// Renders the small part of Jinja that our value templates use, as Home Assistant would, and fails where it would warn.

/** A template that Home Assistant would complain about, or that is outside of the part understood here. */
export class TemplateError extends Error {
  override name = 'TemplateError';
}

interface Token {
  readonly kind: 'word' | 'text' | 'number' | 'sign';
  readonly value: string;
}

const tokenPattern = /\s*(?:([A-Za-z_]\w*)|'([^']*)'|"([^"]*)"|(-?\d+(?:\.\d+)?)|(==|!=|>=|<=|[.[\]()<>]))/y;

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  const text = source.trim();
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < text.length) {
    const at = tokenPattern.lastIndex;
    const match = tokenPattern.exec(text);
    if (match === null) throw new TemplateError(`cannot read "${text.slice(at)}"`);
    const [, word, single, double, number, sign] = match;
    if (word !== undefined) tokens.push({ kind: 'word', value: word });
    else if (number !== undefined) tokens.push({ kind: 'number', value: number });
    else if (sign !== undefined) tokens.push({ kind: 'sign', value: sign });
    else tokens.push({ kind: 'text', value: single ?? double ?? '' });
  }
  return tokens;
}

/** Jinja's names for constants; both spellings are accepted there. */
const constants: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);

function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

/** How Python prints a value. Lists and objects are refused: nobody wants Python's notation as a state. */
function print(value: unknown): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number' || typeof value === 'string') return String(value);
  throw new TemplateError('prints a list or an object');
}

/** Evaluates one expression, left to right, with Jinja's grammar for the forms we use. */
class Expression {
  private at = 0;
  constructor(
    private readonly tokens: readonly Token[],
    private readonly variables: ReadonlyMap<string, unknown>,
  ) {}

  /** `a`, or `a if condition else b`. */
  evaluate(): unknown {
    // Jinja evaluates only the branch that it takes, so each branch is kept as a position until then.
    const start = this.at;
    this.skipUntil('if');
    if (!this.take('if')) {
      this.at = start;
      const only = this.comparison();
      this.expectEnd();
      return only;
    }
    const condition = isTrue(this.comparison());
    if (!this.take('else')) throw new TemplateError('has an "if" without "else"');
    if (condition) {
      this.at = start;
      const then = this.comparison();
      if (this.peek()?.value !== 'if') throw new TemplateError('has something before "if" that is not understood');
      return then;
    }
    const otherwise = this.comparison();
    this.expectEnd();
    return otherwise;
  }

  private peek(): Token | undefined {
    return this.tokens[this.at];
  }

  private take(value: string): boolean {
    const token = this.peek();
    if (token === undefined || token.kind === 'text' || token.value !== value) return false;
    this.at += 1;
    return true;
  }

  private skipUntil(word: string): void {
    while (this.at < this.tokens.length && !(this.peek()?.kind === 'word' && this.peek()?.value === word)) this.at += 1;
  }

  private expectEnd(): void {
    const token = this.peek();
    if (token !== undefined) throw new TemplateError(`has "${token.value}", which is not understood`);
  }

  /** `not a`, `a == b`, `a != b`, `a is none`, `a is not none`, or a single value. */
  private comparison(): unknown {
    if (this.take('not')) return !isTrue(this.comparison());
    const left = this.operand();
    if (this.take('==')) return left === this.operand();
    if (this.take('!=')) return left !== this.operand();
    if (this.take('is')) {
      const negated = this.take('not');
      if (!this.take('none')) throw new TemplateError('has a test other than "none"');
      return (left === null) !== negated;
    }
    return left;
  }

  private operand(): unknown {
    const token = this.peek();
    if (token === undefined) throw new TemplateError('ends too early');
    this.at += 1;
    if (token.kind === 'text') return token.value;
    if (token.kind === 'number') return Number(token.value);
    if (token.kind === 'sign') throw new TemplateError(`has "${token.value}" where a value belongs`);
    if (constants.has(token.value)) return constants.get(token.value);
    if (!this.variables.has(token.value)) throw new TemplateError(`uses "${token.value}", which is not defined`);
    let value = this.variables.get(token.value);
    for (let path = token.value; ;) {
      const bracket = this.take('[');
      if (!bracket && !this.take('.')) return value;
      const key = this.peek();
      if (key === undefined || key.kind === 'sign') throw new TemplateError(`has no name after "${path}"`);
      this.at += 1;
      if (bracket && !this.take(']')) throw new TemplateError('has a bracket that does not close');
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key.value)) {
        throw new TemplateError(`reads "${key.value}" of ${path}, which has no such key`);
      }
      value = (value as Readonly<Record<string, unknown>>)[key.value];
      path += `.${key.value}`;
    }
  }
}

/**
 * Renders a value template for a received payload. `value` is the text, `value_json` its JSON where it is JSON.
 * @throws TemplateError where Home Assistant would log a warning, and for what this renderer does not know.
 */
export function renderTemplate(template: string, payload: string): string {
  const variables = new Map<string, unknown>([['value', payload]]);
  try {
    variables.set('value_json', JSON.parse(payload));
  } catch {
    // Home Assistant leaves `value_json` undefined for a payload that is not JSON, and so a use of it is reported.
  }
  if (template.includes('{%') || template.includes('{#')) throw new TemplateError('has a statement or a comment');
  return template
    .replace(/\{\{([\s\S]*?)\}\}/g, (_whole, source: string) =>
      print(new Expression(tokenize(source), variables).evaluate()),
    )
    .trim();
}
