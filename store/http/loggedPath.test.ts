import fastify from 'fastify';
import { expect, it } from 'vitest';
import { loggedPath } from './loggedPath';
import { parseQuery } from './parseQuery';

it.each([
  ['/api/v1/runs/a%2Fb/log?batchId=x&access_token=y', '/api/v1/runs/a%2Fb/log?batchId=…&access_token=…'],
  ['/api/v1/exports/SECRET', '/api/v1/exports/:id'],
  ['/wandb/uploads/SECRET.SIGNATURE?X-Amz-Signature=SECRET', '/wandb/uploads/:ticket?X-Amz-Signature=…'],
  ['/nowhere/SECRET?SECRET', '(no route)?…'],
])('%s is told as %s', async (url, told) => {
  const server = fastify({ routerOptions: { querystringParser: parseQuery } });
  for (const path of ['/api/v1/runs/:id/log', '/api/v1/exports/:id', '/wandb/uploads/:ticket']) {
    server.get(path, async (request) => loggedPath(request));
  }
  server.setNotFoundHandler(async (request) => loggedPath(request));
  expect((await server.inject(url)).body).toBe(told);
});
