import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A question and its answer, written by an editor. The document of the same id is what is searched of it. */
@Entity('snippets')
export class Snippet {
  @PrimaryColumn('uuid', { name: 'workspace_id' })
  workspaceId: string;

  @PrimaryColumn('uuid')
  id: string;

  /** From 1, rises with every change; also the live version of its document. */
  @Column('integer')
  version: number;

  /** On one line. */
  @Column('text')
  question: string;

  /** Other wordings of the question, each on one line. */
  @Column('text', { array: true })
  alternatives: string[];

  /** Markdown. */
  @Column('text')
  answer: string;

  /** Whether the answer is given word for word to exactly this question. */
  @Column('boolean', { name: 'is_canned' })
  isCanned: boolean;

  /** ISO 639-1, as the editor said; null to have it told from the text. */
  @Column('text', { nullable: true })
  language: string | null;

  @Column('uuid', { name: 'created_by', nullable: true })
  createdBy: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}

/** What editors write of a snippet. */
export type SnippetTexts = Pick<Snippet, 'question' | 'alternatives' | 'answer' | 'isCanned' | 'language'>;
