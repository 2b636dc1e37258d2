/** What a client sent, as the real API reads it. */
export interface GeminiCall {
  model: string;
  method: string;
  apiKey: string | undefined;
  system: string;
  contents: { role: string; text: string }[];
}
