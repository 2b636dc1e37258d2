/** One event of a `text/event-stream`, as a client reads it. */
export interface ReadEvent {
  readonly id?: string;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** Reads the events of a response as they arrive. */
export async function* eventsOf(response: Response): AsyncGenerator<ReadEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  // Node's fetch gives bytes; the DOM's type of an async iterable body lacks the iterator.
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    rest += decoder.decode(chunk, { stream: true });
    const frames = rest.split('\n\n');
    rest = frames.pop() ?? '';
    for (const frame of frames) {
      const fields = new Map(
        frame.split('\n').map((line) => [line.split(': ')[0], line.slice(line.indexOf(': ') + 2)]),
      );
      const [event, data, id] = [fields.get('event'), fields.get('data'), fields.get('id')];
      if (event === undefined || data === undefined) continue;
      yield { event, data: JSON.parse(data) as Record<string, unknown>, ...(id !== undefined && { id }) };
    }
  }
}
