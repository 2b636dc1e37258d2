import type { InvisibleText } from './invisible-text';
import type { PartNotices } from './part-notice';

/** A run of text under one heading and, where the format has pages, on one page. */
export interface ParsedSection {
  /** Titles of the enclosing headings, outermost first; empty before the first heading. */
  readonly headingPath: readonly string[];
  /** 1-based: the page, slide or sheet. */
  readonly page?: number;
  /** Blocks are separated by a blank line, list items and table rows by a line break. Never empty. */
  readonly text: string;
  /** The file shows this to nobody (invisible, tiny, `w:vanish`, a hidden slide or sheet). It is counted and never answered from. */
  readonly isHidden?: boolean;
  /** What was taken out of the text (or of text just before it) because no reader sees it; at most 20 in a document. */
  readonly invisible?: readonly InvisibleText[];
}

export interface ParsedDocument {
  /** The document's own title; undefined when it has none worth showing. */
  readonly title?: string;
  readonly pageCount?: number;
  readonly sections: readonly ParsedSection[];
  /** What is wrong with single pages, slides, sheets or chapters; left out when nothing is. */
  readonly notices?: PartNotices;
}
