import { titleFromFileName } from '../formats/file-name';
import type { ParsedDocument } from '../parsing/parsed-document';
import { oneLine } from '../parsing/section-builder';

const MAX_TITLE_CHARS = 200;
/** What programs write when nobody gave a title. */
const MEANINGLESS =
  /^(?:untitled|unbenannt|sans titre|sin título|document\d*|title|microsoft word - .*|powerpoint[- ]pr[eäé][sz]\S*|présentation powerpoint|presentation\d*|.*\.(?:docx?|pptx?|xlsx?|odt|rtf|csv|epub|pdf|html?|md|txt|jpe?g|png|tmp|indd|tex))$/i;

/** The document's own title; else the heading it opens with; else its file name. */
export function chooseTitle({ title, sections }: ParsedDocument, fileName: string): string {
  const own = oneLine(title ?? '');
  const candidates = [
    MEANINGLESS.test(own) ? '' : own,
    sections.find(({ isHidden }) => !isHidden)?.headingPath[0] ?? '',
  ];
  const chosen = candidates.find((candidate) => /[\p{L}\p{N}]/u.test(candidate)) ?? titleFromFileName(fileName);
  return chosen.slice(0, MAX_TITLE_CHARS);
}
