import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { DocumentsOptions } from '../documents-options';
import { ParserProcess } from './parser-process';
import { describeWalls } from './probe-walls';

/** Says once, where documents are read, which walls stand around the parsers; start does not wait for it. */
@Injectable()
export class WallsReport implements OnApplicationBootstrap {
  private readonly logger = new Logger(WallsReport.name);

  constructor(
    private readonly parser: ParserProcess,
    private readonly options: DocumentsOptions,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.options.hasWorker) return;
    void this.parser.walls.then((walls) => this.logger.log(`Documents are read within ${describeWalls(walls)}`));
  }
}
