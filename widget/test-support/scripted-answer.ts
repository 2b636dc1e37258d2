import type { AnswerOutcome, Citation } from '@app/chat-protocol';

/** What the fake gateway answers to a question. */
export interface ScriptedAnswer {
  text: string;
  citations?: Citation[];
  outcome?: AnswerOutcome;
  suggestions?: string[];
  /** Characters a delta carries. */
  pieceChars?: number;
  /** Stop after this many characters until `release` is called. */
  holdAt?: number;
  /** Fail with this code instead of ending. */
  failure?: string;
}

const GUIDE = '0197a2c4-0000-7000-8000-0000000000aa';
const RETURNS = '0197a2c4-0000-7000-8000-0000000000bb';

/** A long answer with everything an answer may hold. */
export const RETURNS_ANSWER: ScriptedAnswer = {
  text: `You can return most items within **30 days** of delivery, unused and in their original packaging. [1]

To send something back:

1. Open *Orders* and choose **Return an item**.
2. Print the label; parcels up to \`20 kg\` are free. [2]
3. Drop the parcel at any [pick-up point](https://example.com/points).

Refunds reach your account **5 to 7 working days** after we receive the parcel. [1]`,
  citations: [
    {
      marker: 1,
      documentId: RETURNS,
      documentTitle: 'Returns policy',
      version: 3,
      headingPath: ['Returns policy', 'Orders', 'Returns and refunds'],
      page: 4,
      quote: 'Items may be returned within 30 days of delivery if they are unused and in their original packaging.',
      url: 'https://example.com/returns',
    },
    {
      marker: 2,
      documentId: GUIDE,
      documentTitle: 'Shipping guide 2026',
      version: 1,
      headingPath: ['Labels', 'Weight limits for free return labels'],
      quote: 'Return labels are free of charge for parcels of up to 20 kg.',
    },
  ],
  suggestions: ['Who pays for an exchange?', 'Can I return a gift?'],
};

export const REFUSAL: ScriptedAnswer = {
  text: "I couldn't find an answer to that in the documents I have.",
  outcome: 'refused',
};

/** Text that would do harm where it was taken for markup. */
export const HOSTILE_ANSWER: ScriptedAnswer = {
  text: `<img src=x onerror="window.pwned=1"> <script>window.pwned=1</script>
![track](https://evil.example/p.png) [click](javascript:window.pwned=1) [data](data:text/html,x)
[user](https://user:pass@evil.example/) <svg onload=window.pwned=1>`,
};
