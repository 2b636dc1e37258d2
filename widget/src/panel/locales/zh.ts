import type { Texts } from './texts';

const zh: Texts = {
  assistant: 'AI 助手',
  connecting: '正在连接…',
  reconnecting: '正在重新连接…',
  offline: '您已离线，消息稍后发送。',
  unavailable: '聊天暂时不可用。',
  answering: '正在撰写回答…',
  stop: '停止',
  stopped: '已停止',
  failed: '回答未能完成。',
  retry: '重试',
  notSent: '未发送',
  tooLong: '消息过长。',
  limited: '已达上限，请在 {t} 后继续。',
  busy: '请稍候，先回答您之前的问题。',
  remaining: '目前还可发送 {n} 条消息',
  notFound: '文档中未找到',
  sources: '来源',
  source: '来源 {n}',
  page: '第 {n} 页',
  openSource: '打开文档',
  suggestions: '建议的问题',
  latest: '最新消息',
  you: '您',
  support: '客服',
  newWindow: '在新标签页中打开',
  accept: '同意并开始',
};

export default zh;
