import { WorkspaceDb } from '@app/database';
import { ModelCosts, type Spending, UsageBudgets } from '@app/embeds';
import { Injectable, Logger } from '@nestjs/common';
import { AnswerMeter } from './answer-meter';
import { type ClaimedAnswer, contextOf } from './claimed-answer';
import { Turns } from './turns';

/**
 * Sets aside what an answer may spend, in one short transaction before each call to a model. Answers of one workspace
 * take turns before they take a connection: waiting for its counters' lock with a connection in hand, fifty visitors of
 * one company would leave none for everybody else.
 */
@Injectable()
export class AnswerBudget {
  private readonly logger = new Logger(AnswerBudget.name);
  private readonly turns = new Turns();

  constructor(
    private readonly db: WorkspaceDb,
    private readonly budgets: UsageBudgets,
    private readonly costs: ModelCosts,
  ) {}

  meterOf(answer: ClaimedAnswer): AnswerMeter {
    return new AnswerMeter(this.costs, {
      reserve: (amount) => this.turns.take(answer.workspaceId, () => this.reserve(answer, amount)),
      settle: (tx, spent) => this.budgets.settle(tx, answer, spent),
      inTurn: (work) => this.turns.take(answer.workspaceId, work),
    });
  }

  /**
   * Only for an answer that is still being written: its end settles what is reserved, so nothing may come after it. The
   * lock makes the two take turns.
   */
  private async reserve(answer: ClaimedAnswer, amount: Spending): Promise<boolean> {
    const { workspaceId, answerId } = answer;
    try {
      return await this.db.run(contextOf(answer), async (tx) => {
        const alive: unknown[] = await tx.query(
          `select id from messages where workspace_id = $1 and id = $2 and status = 'generating' for share`,
          [workspaceId, answerId],
        );
        return alive.length > 0 && this.budgets.reserve(tx, answer, amount);
      });
    } catch (error) {
      this.logger.error({ err: error, answerId }, 'budget could not be read; answered without a model');
      throw error;
    }
  }
}
