import type { Texts } from './texts';

const ja: Texts = {
  assistant: 'AIアシスタント',
  connecting: '接続中…',
  reconnecting: '再接続中…',
  offline: 'オフラインです。メッセージは後で送信されます。',
  unavailable: '現在チャットを利用できません。',
  answering: '回答を作成中…',
  stop: '停止',
  stopped: '停止しました',
  failed: '回答を完了できませんでした。',
  retry: '再試行',
  notSent: '未送信',
  tooLong: 'メッセージが長すぎます。',
  limited: '上限に達しました。{t} 後に続けられます。',
  busy: '先の質問に回答中です。少々お待ちください。',
  remaining: '現在の残りメッセージ数：{n}',
  notFound: '文書内に見つかりません',
  sources: '出典',
  source: '出典 {n}',
  page: '{n} ページ',
  openSource: '文書を開く',
  suggestions: '質問の候補',
  latest: '最新のメッセージ',
  you: 'あなた',
  support: 'サポート',
  newWindow: '新しいタブで開きます',
  accept: '同意して始める',
};

export default ja;
