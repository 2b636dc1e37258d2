export { describeKeyValueStore } from './describe-key-value-store';
export { describePubSub } from './describe-pub-sub';
export { describeSlots } from './describe-slots';
export { describeSlidingWindows } from './describe-sliding-windows';
export { describeWithRedis, TEST_REDIS_URL } from './describe-with-redis';
