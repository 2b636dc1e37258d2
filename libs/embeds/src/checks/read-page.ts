/** A script element of a page, as far as the widget is concerned. */
export interface PageScript {
  readonly attributes: Readonly<Record<string, string>>;
  /** The element in which browsers do not run it, or null. */
  readonly deadIn: string | null;
}

/** What a pasted page holds that has to do with the widget. */
export interface ReadPage {
  readonly scripts: readonly PageScript[];
  /** Content of the policies in `<meta>`. */
  readonly policies: readonly string[];
  /** Whether a comment holds what looks like the snippet. */
  readonly hasCommentedSnippet: boolean;
}

const DEAD = ['template', 'noscript', 'textarea', 'title', 'iframe'];

const isWidgetScript = ({ 'data-embed-key': key, src = '' }: Readonly<Record<string, string>>): boolean =>
  key !== undefined || /customercare\.js([?#]|$)/.test(src);

/** Reads the HTML as text: nothing of it is fetched or run. */
export async function readPage(html: string): Promise<ReadPage> {
  const { Parser } = await import('htmlparser2');
  const scripts: PageScript[] = [];
  const policies: string[] = [];
  const dead: string[] = [];
  let hasCommentedSnippet = false;
  const parser = new Parser({
    onopentag(name, attributes) {
      if (DEAD.includes(name)) dead.push(name);
      if (name === 'script' && isWidgetScript(attributes)) scripts.push({ attributes, deadIn: dead.at(-1) ?? null });
      const isPolicy = attributes['http-equiv']?.toLowerCase() === 'content-security-policy';
      if (name === 'meta' && isPolicy && dead.length === 0) policies.push(attributes['content'] ?? '');
    },
    onclosetag(name) {
      if (name === dead.at(-1)) dead.pop();
    },
    oncomment(text) {
      hasCommentedSnippet ||= text.includes('customercare.js');
    },
  });
  parser.end(html);
  return { scripts, policies, hasCommentedSnippet };
}
