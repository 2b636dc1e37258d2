import { TextField } from '@app/http';
import { ApiProperty } from '@nestjs/swagger';

const MAX_HTML_CHARS = 200_000;

export class TestOriginDto {
  @TextField({ max: 300, description: 'As a browser sends it, or the address of a page' })
  origin: string;
}

export class ReasonView {
  @ApiProperty({ maxLength: 40 })
  code: string;

  @ApiProperty({ maxLength: 20_000 })
  message: string;
}

export class OriginTestView {
  @ApiProperty()
  isAllowed: boolean;

  @ApiProperty({ type: String, maxLength: 300, nullable: true, description: 'The rule that fits' })
  matchedRule: string | null;

  @ApiProperty({ type: [ReasonView], maxItems: 60 })
  reasons: ReasonView[];
}

export class TestSnippetDto {
  @TextField({ max: MAX_HTML_CHARS, description: 'The HTML of the page, as the browser gets it' })
  html: string;
}

export class FindingView extends ReasonView {
  @ApiProperty({ enum: ['error', 'warning'] })
  severity: 'error' | 'warning';
}

export class SnippetTestView {
  @ApiProperty({ description: 'Whether nothing was found that keeps the widget away' })
  isFine: boolean;

  @ApiProperty({ type: [FindingView], maxItems: 1_000 })
  findings: FindingView[];
}
