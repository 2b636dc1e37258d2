import type { RawAnswer } from './raw-http';

/** RFC 9457, as the product writes it. */
export interface Problem {
  code: string;
  status: number;
  requestId: string;
  retryAfterSeconds?: number;
}

/** What is inside: names of packages, hosts and services, paths, SQL, and how drivers and engines word their errors. */
export const INSIDE =
  /node_modules|\bselect\b|insert into|duplicate key|constraint|typeorm|nestjs|fastify|postgres|redis|ECONN|127\.0\.0\.1|connection|canceling|\.[jt]s:|"stack"|\\n\s*at /i;

export const problemIn = ({ text }: Pick<RawAnswer, 'text'>): Problem => JSON.parse(text) as Problem;

/** What is wrong with an answer that should be a problem which says to come back, in words. */
export function comeBackFaults(what: string, answer: RawAnswer, code: string): string[] {
  const problem = problemIn(answer);
  const { status, requestId, retryAfterSeconds = 0 } = problem;
  const says: [string, boolean][] = [
    [`${answer.status} ${problem.code}`, answer.status === 503 && status === 503 && problem.code === code],
    ['no problem', answer.headers['content-type']?.includes('problem+json') === true],
    ['another id', requestId === answer.headers['x-request-id']],
    ['no time to come back', retryAfterSeconds > 0 && answer.headers['retry-after'] === String(retryAfterSeconds)],
    [`tells "${INSIDE.exec(answer.text)?.[0]}"`, !INSIDE.test(answer.text)],
  ];
  return says.filter(([, isRight]) => !isRight).map(([fault]) => `${what}: ${fault}`);
}
