import { Public, Unlimited } from '@app/http';
import { AppError } from '@app/kernel';
import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';

import { Readiness } from './readiness';

/** For load balancers and orchestrators. Neither says what is wrong; the log does. */
@ApiTags('health')
@Public()
@Unlimited()
@Controller()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /** The process answers. Never touches the database: a database that is down is no reason to kill the process. */
  @ApiOperation({ summary: 'Liveness: the process answers' })
  @Header('cache-control', 'no-store')
  @Get('healthz')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @ApiOperation({ summary: 'Readiness: requests can be served; 503 service.not-ready otherwise' })
  @Header('cache-control', 'no-store')
  @Get('readyz')
  async ready(): Promise<{ status: 'ready' }> {
    if (await this.readiness.isReady()) return { status: 'ready' };
    throw new AppError('service.not-ready', { retryAfterSeconds: 5 });
  }
}
