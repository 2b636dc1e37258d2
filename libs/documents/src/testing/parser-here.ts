import { AppError } from '@app/kernel';
import type { ParsedDocument } from '../parsing/parsed-document';
import { PARSERS } from '../parsing/parser-list';
import type { ParserProcess } from '../parsing/parser-process';
import type { WallsInForce } from '../parsing/walls';

/** Stands in for `ParserProcess`: the same parsers without a process around them. */
export class ParserHere implements Pick<ParserProcess, 'parse' | 'walls'> {
  readonly walls = Promise.resolve<WallsInForce>({ isolation: 'none', hasKernelLimits: false, diesWithParent: false });

  async parse(formatName: string, bytes: Buffer): Promise<ParsedDocument> {
    const parser = PARSERS.find(({ format }) => format.name === formatName);
    if (!parser) throw new AppError('document.type-unsupported');
    return parser.parse(bytes);
  }
}
