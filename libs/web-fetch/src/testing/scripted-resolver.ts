import { HostResolver } from '../fetch/host-resolver';

/** Answers from a table, one list after the other for each name; the last one stays. Unknown names have no address. */
export class ScriptedResolver extends HostResolver {
  readonly asked: string[] = [];
  private readonly answers = new Map<string, string[][]>();

  on(host: string, ...answers: string[][]): this {
    this.answers.set(host, answers);
    return this;
  }

  async resolve(host: string, signal?: AbortSignal): Promise<readonly string[]> {
    signal?.throwIfAborted();
    this.asked.push(host);
    const answers = this.answers.get(host) ?? [];
    return (answers.length > 1 ? answers.shift() : answers[0]) ?? [];
  }
}
