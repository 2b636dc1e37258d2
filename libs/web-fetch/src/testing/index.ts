export { describeHostResolver } from './describe-host-resolver';
export { LocalNameServer } from './local-name-server';
export { LocalSite } from './local-site';
export { ScriptedResolver } from './scripted-resolver';
