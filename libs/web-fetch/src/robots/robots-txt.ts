import { normalizePath, PathPattern } from './path-pattern';

interface Rule {
  readonly isAllowed: boolean;
  readonly pattern: PathPattern;
}

interface Group {
  readonly agents: string[];
  readonly rules: Rule[];
  crawlDelaySeconds?: number;
}

/** RFC 9309, 2.5: what must be read at least; the rest of a larger file is left unread. */
export const MAX_ROBOTS_BYTES = 500 * 1024;
const MAX_SITEMAPS = 50;
const TOKEN = /^[a-z_-]+/;

/** The rules of a site's robots.txt for one robot (RFC 9309), with the widespread Crawl-delay and Sitemap. */
export class RobotsTxt {
  /** As the file says; negative and unreadable ones are not there. */
  readonly crawlDelaySeconds: number | undefined;
  private readonly rules: readonly Rule[];

  private constructor(
    groups: readonly Group[],
    /** What is written there, not judged. */
    readonly sitemaps: readonly string[],
  ) {
    this.rules = groups.flatMap(({ rules }) => rules);
    this.crawlDelaySeconds = groups.find(({ crawlDelaySeconds }) => crawlDelaySeconds !== undefined)?.crawlDelaySeconds;
  }

  /** @param token how the robot calls itself, compared without regard to case */
  static parse(text: string, token: string): RobotsTxt {
    const reader = new RobotsReader();
    for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)) reader.line(line);
    return new RobotsTxt(reader.groupsFor(token.toLowerCase()), reader.sitemaps);
  }

  /** Everything is allowed. */
  static readonly NONE = new RobotsTxt([], []);

  /** The longest rule that matches decides; of two as long, the one that allows (RFC 9309, 2.2.2). */
  isAllowed({ pathname, search }: URL): boolean {
    if (pathname === '/robots.txt') return true;
    const path = normalizePath(pathname + search);
    let decisive: Rule | undefined;
    for (const rule of this.rules) {
      const isLonger = !decisive || rule.pattern.length > decisive.pattern.length;
      const isTie = rule.pattern.length === decisive?.pattern.length && rule.isAllowed;
      if ((isLonger || isTie) && rule.pattern.matches(path)) decisive = rule;
    }
    return decisive?.isAllowed ?? true;
  }
}

class RobotsReader {
  readonly sitemaps: string[] = [];
  private readonly groups: Group[] = [];
  /** Lines that name robots follow each other; the first rule ends that. */
  private isNaming = false;

  line(line: string): void {
    const [said = ''] = line.split('#', 1);
    const colon = said.indexOf(':');
    if (colon < 0) return;
    const value = said.slice(colon + 1).trim();
    switch (said.slice(0, colon).trim().toLowerCase()) {
      case 'user-agent':
        return this.agent(value.toLowerCase());
      case 'allow':
        return this.rule(true, value);
      case 'disallow':
        return this.rule(false, value);
      case 'crawl-delay':
        return this.delay(value);
      case 'sitemap':
        if (this.sitemaps.length < MAX_SITEMAPS) this.sitemaps.push(value);
        return;
      default:
    }
  }

  /** All groups that name the robot count as one; the ones for everybody only when there are none. */
  groupsFor(token: string): Group[] {
    const named = this.groups.filter(({ agents }) => agents.includes(token));
    return named.length > 0 ? named : this.groups.filter(({ agents }) => agents.includes('*'));
  }

  private agent(value: string): void {
    if (!this.isNaming) this.groups.push({ agents: [], rules: [] });
    this.isNaming = true;
    // A version behind the name means nothing.
    this.groups.at(-1)?.agents.push(value === '*' ? '*' : (TOKEN.exec(value)?.[0] ?? ''));
  }

  private rule(isAllowed: boolean, path: string): void {
    this.isNaming = false;
    // An empty rule says nothing; one that starts with neither matches nothing (RFC 9309, 2.2).
    if (/^[/*]/.test(path)) this.groups.at(-1)?.rules.push({ isAllowed, pattern: new PathPattern(path) });
  }

  private delay(value: string): void {
    this.isNaming = false;
    const group = this.groups.at(-1);
    if (group && /^\d{1,6}(?:\.\d{1,6})?$/.test(value)) group.crawlDelaySeconds = Number(value);
  }
}
