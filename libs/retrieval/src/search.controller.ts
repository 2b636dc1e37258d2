import { Can, Workspace } from '@app/http';
import type { WorkspaceContext } from '@app/kernel';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { PassageSearch } from './passage-search';
import { SearchDto, SearchView, toSearchView } from './search.dto';

@ApiTags('search')
@Controller('workspaces/:workspaceId/search')
export class SearchController {
  constructor(private readonly passages: PassageSearch) {}

  /** The passages a visitor's question would be answered from, with each leg's rank and score. */
  @Post()
  @HttpCode(200)
  @Can('search.run')
  @ApiOkResponse({ type: SearchView })
  async search(@Workspace() ctx: WorkspaceContext, @Body() { query, limit }: SearchDto): Promise<SearchView> {
    return toSearchView(await this.passages.search(ctx, { text: query, limit }));
  }
}
