import { loadConfig } from '@app/config';
import { Can, createHttpAdapter, listLooseInputs, listRoutes, TextField, UuidParam } from '@app/http';
import {
  Body,
  Controller,
  type DynamicModule,
  Headers,
  Module,
  Param,
  Post,
  Put,
  Query,
  UsePipes,
  ValidationPipe,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiProperty } from '@nestjs/swagger';
import { Allow, IsArray, IsInt, IsObject, IsString, MaxLength, ValidateNested } from 'class-validator';
import { randomBytes } from 'node:crypto';

import { ApiModule } from './api.module';

class PartDto {
  @TextField({ max: 10 })
  name: string;
}

class CarelessDto {
  @IsString()
  text: string;

  @MaxLength(10)
  fine: string;

  @IsInt()
  number: number;

  @IsArray()
  list: string[];

  @IsObject()
  object: object;

  @ValidateNested()
  part: PartDto;

  @Allow()
  anything: unknown;

  @ApiProperty()
  forgotten: string;
}

class EmptyDto {}

interface Shape {
  name: string;
}

@Controller('careless/:workspaceId')
class CarelessController {
  @Post()
  @Can('documents.write')
  dto(@Body() _input: CarelessDto, @Param('workspaceId') _id: string): void {}

  @Put('any')
  @Can('documents.write')
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the mistake this test is about
  any(@Body() _input: any, @Query() _query: Record<string, string>): void {}

  @Put('shape')
  @Can('documents.write')
  shape(@Body() _input: Shape, @Query('page') _page: number, @Headers() _headers: object): void {}

  @Put('partial')
  @Can('documents.write')
  partial(@Body() _input: Partial<PartDto>, @UuidParam('workspaceId') _id: string): void {}

  @Put('list')
  @Can('documents.write')
  list(@Body() _input: PartDto[]): void {}

  @Put('empty')
  @Can('documents.write')
  empty(@Body() _input: EmptyDto): void {}

  @Put('implicit')
  @Can('documents.write')
  @UsePipes(new ValidationPipe({ transform: true, transformOptions: { enableImplicitConversion: true } }))
  implicit(@Body() _input: PartDto): void {}

  @Put('fine')
  @Can('documents.write')
  fine(@Body() _input: PartDto, @UuidParam('workspaceId') _id: string): void {}
}

/** The product with one module too many. */
@Module({})
class CarelessApi {
  static around(api: DynamicModule): DynamicModule {
    return { module: CarelessApi, imports: [api], controllers: [CarelessController] };
  }
}

describe('Every input of the api', () => {
  let product: NestFastifyApplication;
  let careless: NestFastifyApplication;

  /** Put together and not started: the routes are there, no database is. */
  const preview = (change: (api: DynamicModule) => DynamicModule): Promise<NestFastifyApplication> => {
    const secret = (): string => randomBytes(32).toString('base64');
    const config = loadConfig({ SECRET_KEY: secret(), JWT_SECRET: secret(), ENCRYPTION_KEY: secret() });
    const api = ApiModule.forRoot(config, 'http://localhost:3000');
    return NestFactory.create<NestFastifyApplication>(change(api), createHttpAdapter(config), {
      preview: true,
      logger: false,
      abortOnError: false,
    });
  };

  beforeAll(async () => {
    product = await preview((api) => api);
    careless = await preview((api) => CarelessApi.around(api));
  });
  afterAll(async () => {
    await product.close();
    await careless.close();
  });

  it('A35 B47 B49 is checked by a class of its own and has a maximum', () => {
    expect(listRoutes(product).length).toBeGreaterThan(20);
    expect(listLooseInputs(product)).toEqual([]);
  });

  it('A35 B47 and a route that takes whatever comes is found without being looked for', () => {
    expect(listLooseInputs(careless)).toEqual([
      'CarelessController.any body',
      'CarelessController.any query',
      'CarelessController.dto body: CarelessDto.anything has no maximum',
      'CarelessController.dto body: CarelessDto.forgotten is not checked',
      'CarelessController.dto body: CarelessDto.list is a list without a maximum',
      'CarelessController.dto body: CarelessDto.number has no maximum',
      'CarelessController.dto body: CarelessDto.object has no maximum',
      'CarelessController.dto body: CarelessDto.part holds objects of no class',
      'CarelessController.dto body: CarelessDto.text has no maximum',
      'CarelessController.dto path',
      'CarelessController.empty body: EmptyDto checks nothing',
      'CarelessController.implicit validates in a way of its own',
      'CarelessController.list body',
      'CarelessController.partial body',
      'CarelessController.shape body',
      'CarelessController.shape headers',
      'CarelessController.shape query',
    ]);
  });
});
