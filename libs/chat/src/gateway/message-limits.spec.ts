import { VisitorLimits } from '@app/embeds';
import { AppError, newId } from '@app/kernel';
import { MessageLimits } from './message-limits';
import { VisitorRooms } from './visitor-rooms';

const WARNING = { axis: 'visitor', remaining: 12, resetsAt: '2026-01-01T00:01:00.000Z' } as const;
const claims = {
  workspaceId: newId(),
  embedId: newId(),
  visitorId: newId(),
  origin: 'https://shop.example.com',
  generation: 1,
  expiresAt: new Date(),
};

describe('MessageLimits', () => {
  const count = jest.fn<Promise<unknown[]>, [object]>();
  const giveBackShared = jest.fn<Promise<void>, [object]>();
  const emit = jest.fn();
  // Only what this class asks of them.
  const limits = new MessageLimits(
    { count, giveBackShared } as unknown as VisitorLimits,
    { emit } as unknown as VisitorRooms,
  );

  beforeEach(() => jest.resetAllMocks());

  it('counts an IPv6 address as the network it was chosen from, and passes warnings on to all tabs', async () => {
    count.mockResolvedValue([WARNING]);
    await limits.count({ claims, ip: '2001:db8:1:2:3:4:5:6' });
    const { workspaceId, embedId, visitorId } = claims;
    expect(count).toHaveBeenCalledWith({ workspaceId, embedId, visitorId, network: '2001:db8:1:2::/64' });
    expect(emit.mock.calls).toEqual([[visitorId, 'limit-warning', WARNING]]);
  });

  it('gives back to the others what came to nothing, and to nobody what went through', async () => {
    count.mockResolvedValue([]);
    giveBackShared.mockResolvedValue(undefined);
    const caller = { claims, ip: '192.0.2.1' };
    expect(await limits.counted(caller, async () => 'stored')).toBe('stored');
    expect(giveBackShared).not.toHaveBeenCalled();
    const busy = limits.counted(caller, () => Promise.reject(new AppError('conversation.busy')));
    await expect(busy).rejects.toMatchObject({ code: 'conversation.busy' });
    expect(giveBackShared).toHaveBeenCalledWith(expect.objectContaining({ embedId: claims.embedId }));
    count.mockRejectedValue(new AppError('limit.embed'));
    await expect(limits.counted(caller, async () => 'stored')).rejects.toMatchObject({ code: 'limit.embed' });
    expect(giveBackShared).toHaveBeenCalledTimes(1);
  });

  it('says nothing of a message that was refused', async () => {
    count.mockRejectedValue(new AppError('limit.embed'));
    await expect(limits.count({ claims, ip: '192.0.2.1' })).rejects.toMatchObject({ code: 'limit.embed' });
    expect(emit).not.toHaveBeenCalled();
  });
});
