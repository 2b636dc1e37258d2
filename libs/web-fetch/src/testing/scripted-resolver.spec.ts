import { describeHostResolver } from './describe-host-resolver';
import { ScriptedResolver } from './scripted-resolver';

describeHostResolver('ScriptedResolver', async (names) => {
  const resolver = new ScriptedResolver();
  for (const [name, addresses] of Object.entries(names)) resolver.on(name, [...addresses]);
  return resolver;
});
