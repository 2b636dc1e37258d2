import { toProblem } from '@app/http';
import { newId, type Problem } from '@app/kernel';

/** What Socket.IO sends as `connect_error`: `err.message` and `err.data`. */
export interface ConnectRefusal extends Error {
  data: Problem;
}

/** An error for a handshake middleware that tells the client a problem and nothing else. */
export function refusal(error: unknown): ConnectRefusal {
  const problem = toProblem(error, newId());
  return Object.assign(new Error(problem.title), { data: problem });
}
